/* The form keeper: <form data-keep="unique-key"> is copied to this browser while it is filled in, and given back after a
   crash, a closed tab, a lost link or an expired login. A copy belongs to one user and one page; passwords are never kept.

   A copy is "draft" until the form is submitted, then "sent" until the next page proves that it was received. */
(function () {
  'use strict';

  var portal = window.portal;
  var phrases = portal.phrases;
  var PREFIX = 'portal:kept:';
  var DAYS = 14;
  var initial = new Map();
  var timers = new Map();
  var leaving = false;

  function storage(work) {
    try { return work(window.localStorage); } catch (error) { return null; /* storage switched off or full: the page works without */ }
  }

  function keyOf(form) { return PREFIX + portal.userId + ':' + location.pathname + ':' + form.getAttribute('data-keep'); }

  function read(key) {
    return storage(function (store) { return JSON.parse(store.getItem(key) || 'null'); });
  }

  function write(key, kept) { storage(function (store) { store.setItem(key, JSON.stringify(kept)); }); }

  function drop(key) { storage(function (store) { store.removeItem(key); }); }

  function keys() {
    return storage(function (store) {
      var found = [];
      for (var i = 0; i < store.length; i += 1) { if (store.key(i).indexOf(PREFIX) === 0) { found.push(store.key(i)); } }
      return found;
    }) || [];
  }

  /* -- what is in a form --------------------------------------------------------------------------------------------- */

  function fieldsOf(form) {
    return Array.prototype.filter.call(form.elements, function (field) {
      return field.name && !/^(password|file|hidden|submit|button|reset|image)$/.test(field.type) && field.tagName !== 'FIELDSET' && field.tagName !== 'BUTTON' &&
        !/password|sandi|otp/i.test(field.name) && field.autocomplete !== 'one-time-code' && !field.hasAttribute('data-nokeep');
    });
  }

  function valuesOf(form) {
    var values = {};
    fieldsOf(form).forEach(function (field) {
      var list = values[field.name] = values[field.name] || [];
      if (field.type === 'checkbox' || field.type === 'radio') { if (field.checked) { list.push(field.value); } } else if (field.multiple) {
        Array.prototype.forEach.call(field.options, function (option) { if (option.selected) { list.push(option.value); } });
      } else { list.push(field.value); }
    });
    return values;
  }

  function fill(form, values) {
    var seen = {};
    fieldsOf(form).forEach(function (field) {
      var list = values[field.name];
      if (!list) { return; }
      if (field.type === 'checkbox' || field.type === 'radio') { field.checked = list.indexOf(field.value) !== -1; } else if (field.multiple) {
        Array.prototype.forEach.call(field.options, function (option) { option.selected = list.indexOf(option.value) !== -1; });
      } else {
        var at = seen[field.name] || 0;
        seen[field.name] = at + 1;
        if (list[at] !== undefined) { field.value = list[at]; }
      }
    });
  }

  /* -- keeping ----------------------------------------------------------------------------------------------------------- */

  function keep(form) {
    if (!portal.userId || leaving) { return; }
    var values = valuesOf(form);
    if (JSON.stringify(values) === initial.get(form)) { drop(keyOf(form)); } else { write(keyOf(form), { values: values, at: Date.now(), state: 'draft' }); }
    portal.emit('kept', { form: form });
  }

  function later(event) {
    var form = event.target.form;
    if (!form || !form.hasAttribute('data-keep')) { return; }
    clearTimeout(timers.get(form));
    timers.set(form, setTimeout(function () { timers.delete(form); keep(form); }, 400));
  }

  function keepNow() {
    timers.forEach(function (timer, form) { clearTimeout(timer); keep(form); });
    timers.clear();
  }

  document.addEventListener('input', function (event) { leaving = false; later(event); });
  document.addEventListener('change', later);
  window.addEventListener('pagehide', keepNow);
  document.addEventListener('visibilitychange', function () { if (document.hidden) { keepNow(); } });

  /* -- sending -------------------------------------------------------------------------------------------------------------- */

  document.addEventListener('portal:submitted', function (event) {
    var form = event.detail.form;
    if (form.hasAttribute('data-logout')) { leaving = true; wipe(portal.userId); forgetGuests(); return; }
    if (!portal.userId) { return; }
    if (!form.hasAttribute('data-keep')) { sendAgain(form); return; }
    clearTimeout(timers.get(form));
    timers.delete(form);
    write(keyOf(form), { values: valuesOf(form), at: Date.now(), state: 'sent' });
  });

  // A form that the server had put aside during a login is sent from another page: its copy goes with it.
  function sendAgain(form) {
    var start = PREFIX + portal.userId + ':' + new URL(form.action, location.href).pathname + ':';
    if (start.indexOf(':' + location.pathname + ':') !== -1) { return; }
    keys().forEach(function (key) {
      var kept = key.indexOf(start) === 0 && read(key);
      if (kept) { kept.state = 'sent'; write(key, kept); }
    });
  }

  document.addEventListener('htmx:afterRequest', function (event) {
    var form = event.detail.elt;
    if (!form || !form.matches || !form.matches('form[data-keep]') || event.detail.requestConfig.verb === 'get') { return; }
    var received = event.detail.successful && !/is-invalid|data-form-errors/.test(event.detail.xhr.responseText);
    if (received) { drop(keyOf(form)); initial.set(form, JSON.stringify(valuesOf(form))); } else { keep(form); }
  });

  function wipe(user) {
    keys().forEach(function (key) { if (key.indexOf(PREFIX + user + ':') === 0) { drop(key); } });
  }

  /* What the door keeps on this device (door-store.js): the lists of guests go; what is not sent yet stays without names,
     except of somebody new, whom nobody else knows. A device that never was at the door gets no database by this. The
     page may go before it is done; the next one sees to it. */
  var FORGET = 'pintu:lupa';
  function forgetGuests() {
    if (!window.indexedDB) { return; }
    write(FORGET, true);
    var request = window.indexedDB.open('rakor-pintu', 1);
    request.onupgradeneeded = function () { request.transaction.abort(); };
    request.onerror = function () { drop(FORGET); };
    request.onsuccess = function () {
      var change = request.result.transaction(['lists', 'items'], 'readwrite');
      change.oncomplete = function () { drop(FORGET); request.result.close(); };
      change.objectStore('lists').clear();
      change.objectStore('items').openCursor().onsuccess = function (event) {
        var place = event.target.result;
        if (!place) { return; }
        if (!place.value.new) { place.update(Object.assign(place.value, { name: '', sentence: '' })); }
        place.continue();
      };
    };
  }
  if (read(FORGET)) { forgetGuests(); }

  portal.forget = function (form) { drop(keyOf(form)); };

  /* -- giving back ---------------------------------------------------------------------------------------------------------- */

  function refused(form) { return Boolean(form.querySelector('.is-invalid, [data-form-errors]') || document.querySelector('[data-form-errors]')); }

  // A redirect after the POST is how the server says "received".
  function redirected() {
    var entry = performance.getEntriesByType && performance.getEntriesByType('navigation')[0];
    return Boolean(entry && entry.type === 'navigate' && entry.redirectCount > 0);
  }

  function settle() {
    var failed = document.body.classList.contains('page-error');
    keys().forEach(function (key) {
      var kept = read(key);
      if (!kept || Date.now() - kept.at > DAYS * 86400000) { drop(key); return; }
      if (kept.state !== 'sent') { return; }
      if (!portal.userId || failed) {
        // Login page or an error page: it was not received.
        kept.state = 'draft';
        write(key, kept);
        return;
      }
      if (key.indexOf(PREFIX + portal.userId + ':') !== 0) { return; }
      var here = Array.prototype.find.call(document.querySelectorAll('form[data-keep]'), function (form) { return keyOf(form) === key; });
      if (here && (refused(here) || !redirected())) { kept.state = 'draft'; write(key, kept); } else { drop(key); }
    });
  }

  function banner(form, before) {
    var note = document.createElement('div');
    note.className = 'notice tone-info kept';
    note.setAttribute('role', 'status');
    var text = document.createElement('span');
    text.textContent = phrases.restored;
    var button = document.createElement('button');
    button.type = 'button';
    button.className = 'btn btn-secondary btn-sm';
    button.textContent = phrases.discard;
    button.addEventListener('click', function () {
      fill(form, before);
      drop(keyOf(form));
      note.remove();
      portal.emit('discarded', { form: form });
    });
    note.appendChild(text);
    note.appendChild(button);
    form.insertBefore(note, form.firstChild);
  }

  function restore(form) {
    if (initial.has(form) || !portal.userId) { return; }
    var before = valuesOf(form);
    initial.set(form, JSON.stringify(before));
    if (refused(form)) { return; /* the server has just given back what was typed */ }
    var kept = read(keyOf(form));
    if (!kept || kept.state !== 'draft') { return; }
    if (JSON.stringify(kept.values) === JSON.stringify(before)) { drop(keyOf(form)); return; }
    fill(form, kept.values);
    banner(form, before);
    portal.emit('restored', { form: form });
  }

  portal.keep = function (root) { root.querySelectorAll('form[data-keep]').forEach(restore); };

  settle();
  portal.keep(document);
  document.addEventListener('htmx:load', function (event) {
    var element = event.detail.elt;
    if (element.matches && element.matches('form[data-keep]')) { restore(element); }
    if (element.querySelectorAll) { portal.keep(element); }
  });
})();
