/* The monthly report of an extension worker, written on a phone: fields, visits and captions save themselves.

   A visit is named by a key made here, so that it is stored once however often it is sent; its address holds the key.
   Visits written without a link are put back from the device when the page opens. A photo stays chosen until the server
   has it and is sent again when the link is back. Needs saver.js, saving-fields.js. Chrome 70. */
(function () {
  'use strict';

  var portal = window.portal;
  var NIL = '00000000-0000-0000-0000-000000000000';
  var root = document.querySelector('[data-report]');
  var late = document.querySelector('[data-report-unsent]');
  if (!portal || !portal.saver || !(root || late)) { return; }
  var phrases = document.getElementById('report-phrases').dataset;
  var number = root ? root.getAttribute('data-report') : late.getAttribute('data-report-unsent');
  var saver = portal.saver({ state: document.querySelector('[data-save-state]'), store: 'laporan:' + number });

  function labelOf(key) {
    var parts = key.split(':');
    var box = document.querySelector('[data-field="' + parts[parts.length - 1] + '"] .form-label');
    var what = parts[0] === 'kunjungan' ? phrases.visit : parts[0] === 'foto' ? phrases.photo : '';
    return [what, box ? box.textContent.trim() : ''].filter(Boolean).join(': ');
  }

  function unsent(sentence) {
    var panel = document.querySelector('[data-unsent-panel]');
    panel.hidden = false;
    panel.querySelector('[data-unsent-why]').textContent = sentence;
    portal.showUnsent(panel, saver, labelOf);
  }

  if (!root) { portal.showUnsent(late, saver, labelOf); return; }
  document.body.classList.add('has-script');

  function watch(form) {
    return portal.savingFields(form, { saver: saver, prefix: form.getAttribute('data-saves') + ':', phrases: phrases, onGone: unsent });
  }

  /* -- visits ------------------------------------------------------------------------------------------------------------ */

  var list = root.querySelector('[data-visits]');
  var pattern = root.querySelector('[data-visit-template]').innerHTML;
  var empty = root.querySelector('[data-visits-empty]');

  function count() {
    Array.prototype.forEach.call(list.children, function (item, place) { item.querySelector('[data-slot="number"]').textContent = place + 1; });
    empty.hidden = list.children.length > 0;
  }

  function adopt(item) {
    var key = item.getAttribute('data-key');
    var form = item.querySelector('[data-saves]');
    var remove = item.querySelector('[data-delete]');
    item.fields = watch(form);
    remove.hidden = false;
    remove.addEventListener('click', function () { gone(item, key, form.getAttribute('action')); });
    var locate = item.querySelector('[data-locate]');
    if (navigator.geolocation) {
      item.querySelector('[data-locate-box]').hidden = false;
      locate.addEventListener('click', function () { whereAmI(item.fields, locate); });
    }
    return item;
  }

  function make(key) {
    var holder = document.createElement('ol');
    holder.innerHTML = pattern.split(NIL).join(key);
    var item = holder.firstElementChild;
    list.appendChild(item);
    adopt(item);
    count();
    return item;
  }

  function whereAmI(fields, source) {
    portal.busy(source, true);
    navigator.geolocation.getCurrentPosition(function (found) {
      portal.busy(source, false);
      fields.all.latitude.fill(found.coords.latitude.toFixed(5));
      fields.all.longitude.fill(found.coords.longitude.toFixed(5));
      fields.all.latitude.save(true);
      fields.all.longitude.save(true);
    }, function () {
      portal.busy(source, false);
      portal.toast({ text: phrases.noPlace, tone: 'warning' });
    }, { enableHighAccuracy: true, timeout: 20000, maximumAge: 60000 });
  }

  // Out of the list at once; what was typed of it is not sent any more, and comes back with it.
  function gone(item, key, url) {
    var before = item.nextElementSibling;
    var fields = item.fields.all;
    var waiting = Object.keys(fields).filter(function (name) { return saver.copy(fields[name].key); });
    waiting.forEach(function (name) { saver.drop(fields[name].key); });
    item.remove();
    count();
    aside(key, url + 'hapus/', 'hapus', 'kembali');
    portal.toast({ text: phrases.visitDeleted, seconds: 20, action: { label: phrases.undo, run: function () {
      list.insertBefore(item, before && before.parentNode === list ? before : null);
      count();
      aside(key, url + 'kembalikan/', 'kembali', 'hapus');
      waiting.forEach(function (name) { fields[name].save(true); });
    } } });
  }

  function aside(key, url, act, other) {
    saver.drop(other + ':' + key);
    saver.put({ key: act + ':' + key, url: url, values: {}, soon: true, onRefused: function (sentence) {
      saver.drop(act + ':' + key);
      portal.toast({ text: sentence, tone: 'danger' });
    } });
  }

  document.querySelector('[data-add]').addEventListener('click', function (event) {
    event.preventDefault();
    var item = make(portal.uuid());
    item.querySelector('input[name="on"]').focus();
  });

  /* -- photos ------------------------------------------------------------------------------------------------------------- */

  var upload = root.querySelector('[data-photo-upload]');
  var says = upload.querySelector('[data-slot="state"]');
  var sending = false;
  var waits = false;

  function adoptPhotos() {
    root.querySelectorAll('[data-photo]').forEach(function (item) {
      if (item.fields) { return; }
      item.fields = watch(item.querySelector('[data-saves]'));
      item.fields.resume();
      var form = item.querySelector('[data-photo-delete]');
      form.setAttribute('data-own-submit', '');
      form.addEventListener('submit', function (event) {
        event.preventDefault();
        var before = item.nextElementSibling;
        var key = item.getAttribute('data-key');
        var holder = item.parentNode;
        var url = form.getAttribute('action');
        item.remove();
        aside(key, url, 'hapus', 'kembali');
        portal.toast({ text: phrases.photoDeleted, seconds: 20, action: { label: phrases.undo, run: function () {
          holder.insertBefore(item, before && before.parentNode === holder ? before : null);
          aside(key, url.replace(/hapus\/$/, 'kembalikan/'), 'kembali', 'hapus');
        } } });
      });
    });
  }

  function sent(response) {
    var type = response.headers.get('Content-Type') || '';
    return response.text().then(function (text) {
      if (response.ok && type.indexOf('text/html') === 0) {
        var holder = document.createElement('div');
        holder.innerHTML = text;
        var fresh = holder.querySelector('#daftar-foto');
        if (!fresh) { throw new Error('not our server'); }
        saver.flush().catch(function () { /* captions stay on the device */ }).then(function () {
          root.querySelector('#daftar-foto').replaceWith(fresh);
          adoptPhotos();
        });
        upload.reset();
        upload.querySelector('[data-key]').value = portal.uuid();
        waits = false;
        says.textContent = upload.dataset.done;
        portal.emit('saved', { key: 'foto' });
        return;
      }
      if (response.status >= 500 || response.status === 408 || response.status === 429) { throw new Error('status ' + response.status); }
      var errors = type.indexOf('application/json') === 0 ? JSON.parse(text).errors : {};
      var name = Object.keys(errors)[0];
      waits = false;
      says.textContent = name ? [].concat(errors[name])[0] : text.slice(0, 300);
      says.classList.add('field-errors');
    });
  }

  function send() {
    if (sending) { return; }
    sending = true;
    says.classList.remove('field-errors');
    says.textContent = upload.dataset.sending;
    portal.busy(upload, true);
    portal.fetch(upload.getAttribute('action'), { method: 'POST', body: new FormData(upload), seconds: 300 }).then(sent).catch(function () {
      waits = true;
      says.textContent = upload.dataset.failed;
    }).then(function () { sending = false; portal.busy(upload, false); });
  }

  upload.setAttribute('data-own-submit', '');
  upload.addEventListener('submit', function (event) { event.preventDefault(); send(); });
  document.addEventListener('portal:online', function () { if (waits) { send(); } });
  window.addEventListener('online', function () { if (waits) { setTimeout(send, 300); } });
  window.addEventListener('beforeunload', function (event) { if (sending || waits) { event.preventDefault(); event.returnValue = ''; } });

  /* -- begin ---------------------------------------------------------------------------------------------------------------- */

  Array.prototype.forEach.call(list.children, adopt);
  var main = watch(root.querySelector('[data-saves="isi"]'));

  // What an earlier visit to this page left on the device: also visits that the server has never heard of.
  function resume() {
    var back = main.resume();
    saver.copies().forEach(function (copy) {
      var parts = copy.key.split(':');
      if (parts[0] === 'hapus' || parts[0] === 'kembali') { saver.resume(copy.key, {}); return; }
      if (parts[0] === 'kunjungan' && !list.querySelector('[data-key="' + parts[1] + '"]')) { make(parts[1]); }
    });
    Array.prototype.forEach.call(list.children, function (item) { back += item.fields.resume(); });
    adoptPhotos();
    if (back) { portal.toast({ text: phrases.restored, tone: 'info' }); }
  }
  resume();
  count();

  // Numbers and what is missing follow what was saved, a moment after the last change; never under an open question,
  // whose answer sends the form that stands there now.
  var refreshing = null;

  function asking() { return Boolean(document.querySelector('dialog[open]')); }

  function refreshLater() {
    clearTimeout(refreshing);
    refreshing = setTimeout(function () {
      var side = document.getElementById('samping');
      if (!side || saver.waiting()) { return; }
      if (asking() || side.contains(document.activeElement)) { refreshLater(); return; }
      window.htmx.ajax('GET', root.getAttribute('data-aside'), { target: '#samping', swap: 'outerHTML' });
    }, 1200);
  }
  document.addEventListener('portal:saved', refreshLater);
  document.body.addEventListener('htmx:beforeSwap', function (event) {
    if (event.detail.target.id !== 'samping') { return; }
    if (asking() || event.detail.target.querySelector('[data-busy]')) { event.detail.shouldSwap = false; refreshLater(); }
  });
})();
