/* Minutes, part 4: the page. State line, keys and buttons, what others do (pulse), order. See minutes-store.js. */
(function () {
  'use strict';

  var notula = window.notula;
  if (!notula) { return; }
  var portal = window.portal;
  var setup = notula.setup;
  var phrases = notula.phrases;
  var line = notula.line;
  var list = notula.list;
  var PULSE = 7000;

  notula.clock = portal.clock;

  /* -- what the writer sees ---------------------------------------------------------------------------------------------------- */

  var voice = document.querySelector('[data-voice]');
  notula.say = function (text) {
    if (!text) { return; }
    voice.textContent = '';
    setTimeout(function () { voice.textContent = text; }, 50);
  };

  function state() {
    var queued = notula.slips.filter(function (slip) { return slip.state === 'queued'; }).length;
    var owing = notula.slips.some(function (slip) { return slip.owes() || (slip.state === 'draft' && slip.sent < slip.seq); });
    if (line.login) { return ['login', phrases.login, 'warning']; }
    if (line.refusal && (queued || owing || notula.slips.some(function (slip) { return slip.tooLong; }))) { return ['refused', line.refusal, 'danger']; }
    if (line.offline) { return ['offline', line.trouble, 'warning']; }
    if (queued || owing || line.busy) { return ['saving', phrases.saving, 'progress']; }
    if (notula.slips.some(function (slip) { return slip.state === 'conflict'; })) { return ['conflict', phrases.conflictOpen, 'warning']; }
    return ['saved', line.savedAt ? notula.phrase('savedAt', line.savedAt) : phrases.allSaved, 'success'];
  }

  var bar = document.querySelector('[data-state]');
  notula.show = function () {
    var now = state();
    var queued = notula.slips.filter(function (slip) { return slip.state === 'queued'; });
    bar.className = 'save-state tone-' + now[2];
    bar.setAttribute('data-state', now[0]);
    bar.querySelector('[data-slot="text"]').textContent = now[1];
    bar.querySelectorAll('[data-for]').forEach(function (icon) { icon.toggleAttribute('hidden', icon.getAttribute('data-for').split(' ').indexOf(now[0]) < 0); });
    queued.forEach(function (slip) {
      if (!slip.card) { return; }
      slip.card.querySelector('[data-slot="state"]').textContent = line.busy === slip && !line.offline ? phrases.saving : line.refusal || phrases.waiting;
      slip.card.querySelector('[data-act="reopen"]').hidden = line.busy === slip;
    });
  };

  /* -- entries ------------------------------------------------------------------------------------------------------------------- */

  function parse(html) {
    var holder = document.createElement('template');
    holder.innerHTML = html;
    return prepare(holder.content.querySelector('li'));
  }

  function prepare(item) {
    var tools = document.getElementById('entry-tools').content.firstElementChild.cloneNode(true);
    var foot = item.querySelector('.entry-foot');
    foot.insertBefore(tools, foot.firstChild);
    var grip = document.getElementById('entry-grip').content.firstElementChild.cloneNode(true);
    item.querySelector('.entry-head').insertBefore(grip, item.querySelector('.entry-head').firstChild);
    return item;
  }

  function byId(id) { return document.getElementById('butir-' + id); }

  // The server's fragment takes the place of `item`; gone entries leave. Focus stays where it was.
  notula.place = function (answer, item) {
    var old = byId(answer.id);
    var here = item && item.contains(document.activeElement);
    if (!answer.html) {
      if (item) { item.remove(); }
      if (old && old !== item) { old.remove(); }
      count();
      return;
    }
    var fresh = parse(answer.html);
    if (old && old !== item) { old.remove(); }
    if (item && item.isConnected) { item.parentNode.replaceChild(fresh, item); } else { list.appendChild(fresh); }
    if (here) { fresh.focus(); }
    offerNames(fresh);
    count();
  };

  function count() {
    var number = list.querySelectorAll('[data-id]').length;
    document.querySelectorAll('[data-count]').forEach(function (slot) { slot.textContent = number; });
    document.querySelectorAll('[data-empty]').forEach(function (note) { note.hidden = list.children.length > 0; });
  }

  function offerNames(item) {
    var words = JSON.parse(item.getAttribute('data-words'));
    [['nama-peserta', words.speaker], ['nama-instansi', words.institution], ['nama-kantor', words.responsible]].forEach(function (pair) {
      var names = document.getElementById(pair[0]);
      var there = Array.prototype.some.call(names.options, function (option) { return option.value === pair[1]; });
      if (!pair[1] || there) { return; }
      var option = document.createElement('option');
      option.value = pair[1];
      if (pair[0] === 'nama-peserta') { option.setAttribute('data-institution', words.institution); }
      names.appendChild(option);
    });
  }

  function post(url, values) {
    return portal.fetch(url, { method: 'POST', body: portal.formBody(values) }).then(function (response) {
      return response.text().then(function (text) {
        if (response.ok) { return JSON.parse(text); }
        portal.failure(response.status, text.length < 600 && text.charAt(0) !== '<' ? text : '');
        pulse();
        throw new Error('refused');
      });
    }, function (error) { portal.toast({ text: phrases.needsLink, tone: 'warning' }); throw error; });
  }

  function url(item, what) { return setup.urls.entries + item.getAttribute('data-id') + '/' + what; }
  function nothing() { /* said by a message already */ }

  function remove(item) {
    var editors = item.getAttribute('data-editors');
    var sure = editors ? portal.confirm(notula.phrase('deleteEdited', editors), item.querySelector('[data-act="delete"]')) : Promise.resolve(true);
    sure.then(function (yes) {
      if (!yes) { return; }
      var neighbour = item.nextElementSibling || item.previousElementSibling;
      post(url(item, 'hapus/'), { base_version: item.getAttribute('data-version') }).then(function (answer) {
        item.remove();
        count();
        if (neighbour) { neighbour.focus(); } else { toComposer(); }
        portal.toast({ text: phrases.deleted, tone: 'success', seconds: 20, action: { label: phrases.undo, run: function () {
          post(answer.undo, {}).then(function (back) { notula.place(back, null); notula.say(phrases.undone); pulse(back.id); }).catch(nothing);
        } } });
        notula.say(phrases.deleted);
      }).catch(nothing);
    });
  }

  function entries() { return Array.prototype.slice.call(list.querySelectorAll('li[data-id]')); }

  function move(item, step) {
    var all = entries();
    var place = all.indexOf(item) + step;
    if (place < 0 || place >= all.length) { notula.say(step < 0 ? phrases.first : phrases.last); return; }
    var focused = document.activeElement;
    list.insertBefore(item, step < 0 ? all[place] : all[place].nextElementSibling);
    if (focused && item.contains(focused)) { focused.focus(); }
    settleOrder(item);
  }

  function settleOrder(item) {
    var all = entries();
    var place = all.indexOf(item);
    var after = all[place + 1];
    notula.say(notula.phrase('moved', place + 1));
    post(url(item, 'tempat/'), { before: after ? after.getAttribute('data-id') : '' }).then(function (answer) { arrange(answer.order); }).catch(pulse);
  }

  // Puts the entries in the server's order without ever moving the one that is being typed in.
  function arrange(order) {
    var typing = document.activeElement && document.activeElement.closest('[data-entries] > li');
    var wanted = order.map(byId).filter(Boolean);
    var shown = entries().filter(function (item) { return wanted.indexOf(item) >= 0; });
    if (wanted.every(function (item, n) { return item === shown[n]; })) { return; }
    var pivot = wanted.indexOf(typing);
    wanted.forEach(function (item, n) {
      if (item === typing) { return; }
      if (pivot >= 0 && n < pivot) { list.insertBefore(item, typing); return; }
      var before = n ? wanted[n - 1].nextElementSibling : list.firstElementChild;
      if (before !== item) { list.insertBefore(item, before); }
    });
  }

  /* -- buttons and keys -------------------------------------------------------------------------------------------------------------- */

  function toComposer() {
    var form = document.querySelector('[data-composer] form');
    if (form) { form.elements.text.focus(); }
  }

  function act(name, item, form) {
    if (name === 'edit') { notula.edit(item); }
    if (name === 'delete') { remove(item); }
    if (name === 'up') { move(item, -1); }
    if (name === 'down') { move(item, 1); }
    if (name === 'cancel') { form.slip.close(); }
    if (name === 'preview') { preview(form); }
  }

  document.addEventListener('click', function (event) {
    var button = event.target.closest('[data-act]');
    if (!button || button.getAttribute('data-act') === 'reopen') {
      if (event.target.closest('[data-to-composer]')) { event.preventDefault(); toComposer(); }
      return;
    }
    event.preventDefault();
    act(button.getAttribute('data-act'), button.closest('li'), button.closest('form'));
  });

  function preview(form) {
    var box = form.querySelector('[data-preview]');
    var button = form.querySelector('[data-act="preview"]');
    if (!box.hidden) { box.hidden = true; button.setAttribute('aria-expanded', 'false'); return; }
    portal.fetch(setup.urls.preview, { method: 'POST', body: portal.formBody({ text: form.elements.text.value }) }).then(function (response) { return response.ok ? response.text() : ''; }).then(function (html) {
      box.innerHTML = html || '<p></p>';  /* sanitised by the server (portal.kernel.markup) */
      box.hidden = false;
      button.setAttribute('aria-expanded', 'true');
    }, function () { portal.toast({ text: phrases.needsLink, tone: 'warning' }); });
  }

  document.addEventListener('submit', function (event) {
    var slip = event.target.slip;
    if (!slip) { return; }
    event.preventDefault();
    slip.save();
  });

  document.addEventListener('input', function (event) {
    var form = event.target.form;
    if (!form || !form.slip || !event.target.name) { return; }
    if (event.target.name === 'kind') { form.setAttribute('data-kind', event.target.value); }
    if (event.target.name === 'speaker') { institutionOf(form); }
    if (event.target.tagName === 'TEXTAREA') { notula.grow(event.target); }
    form.slip.touched();
    notula.show();
  });

  function institutionOf(form) {
    var options = document.getElementById('nama-peserta').options;
    var found = Array.prototype.filter.call(options, function (option) { return option.value === form.elements.speaker.value; })[0];
    if (found && found.getAttribute('data-institution') && !form.elements.institution.value) { form.elements.institution.value = found.getAttribute('data-institution'); }
  }

  // The browser cuts at maxlength without a word; people have to know.
  document.addEventListener('paste', function (event) {
    var field = event.target;
    if (!field.form || !field.form.slip || !(field.maxLength > 0)) { return; }
    var pasted = (event.clipboardData || { getData: function () { return ''; } }).getData('text').length;
    var room = field.maxLength - field.value.length + (field.selectionEnd - field.selectionStart);
    if (pasted > room) { portal.toast({ text: notula.phrase('cut', field.maxLength.toLocaleString('id')), tone: 'warning', seconds: 0 }); }
  });

  document.addEventListener('keydown', function (event) {
    var target = event.target;
    if (document.querySelector('dialog[open]')) { return; }
    if (target.form && target.form.slip) { formKey(event, target.form); return; }
    if (target.matches && target.matches('[data-entries] > li[data-id]')) { entryKey(event, target); }
  });

  function formKey(event, form) {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) { event.preventDefault(); form.slip.save(); }
    if (event.key === 'Escape' && form.slip.id !== null) { event.preventDefault(); form.slip.close(); }
    if (event.altKey && /^Digit[1-5]$/.test(event.code)) {
      event.preventDefault();
      var radio = form.querySelectorAll('input[name="kind"]')[Number(event.code.slice(5)) - 1];
      radio.checked = true;
      radio.dispatchEvent(new Event('input', { bubbles: true }));
      notula.say(radio.parentNode.textContent.trim());
    }
  }

  function entryKey(event, item) {
    var step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    var editing = notula.slipOf(item);
    if (step && event.altKey) { event.preventDefault(); move(item, step); return; }
    if (event.ctrlKey || event.altKey || event.metaKey) { return; }
    if (step) {
      var other = entries()[entries().indexOf(item) + step];
      event.preventDefault();
      if (other) { other.focus(); } else if (step > 0) { toComposer(); }
    }
    if ((event.key === 'Enter' || event.key === 'e') && !editing) { event.preventDefault(); notula.edit(item); }
    if (event.key === 'Delete' && !editing) { event.preventDefault(); remove(item); }
    if (event.key === 'n') { event.preventDefault(); toComposer(); }
  }

  /* -- dragging: the library comes when a hand nears a grip ---------------------------------------------------------------------------- */

  list.addEventListener('pointerover', function (event) {
    if (!event.target.closest('[data-grip]') || list.hasAttribute('data-draggable')) { return; }
    list.setAttribute('data-draggable', '');
    portal.loadScript(list.getAttribute('data-sortable'), function () {
      window.Sortable.create(list, { handle: '[data-grip]', draggable: 'li[data-id]', animation: 120, onEnd: function (drag) { if (drag.oldIndex !== drag.newIndex) { settleOrder(drag.item); } } });
    });
  });

  /* -- what others do ------------------------------------------------------------------------------------------------------------------ */

  var beat = null;
  var asking = false;

  function keys() {
    return notula.slips.filter(function (slip) { return slip.state === 'draft' || (slip.id !== null && slip.state !== 'queued'); })
      .map(function (slip) { return slip.id === null ? 'baru' : slip.id; }).join(',');
  }

  function pulse() {
    clearTimeout(beat);
    beat = setTimeout(pulse, document.hidden ? PULSE * 5 : PULSE);
    if (asking || line.login || !portal.isOnline()) { return; }
    asking = true;
    var query = '?since=' + setup.change + '&tab=' + notula.tab + '&keys=' + encodeURIComponent(keys());
    portal.fetch(setup.urls.pulse + query, { poll: true, seconds: 15 }).then(function (response) {
      return response.ok ? response.json() : null;
    }).then(function (news) { asking = false; if (news) { hear(news); } }).catch(function () { asking = false; });
  }

  function hear(news) {
    (news.entries || []).forEach(function (entry) { renew(entry); });
    if (news.order) { arrange(news.order); }
    setup.change = news.change;
    present(news.people);
    document.querySelectorAll('[data-locked]').forEach(function (note) { note.hidden = news.status === 'konsep'; });
  }

  function renew(entry) {
    var item = byId(entry.id);
    var slip = item && notula.slipOf(item);
    if (slip) {
      if (entry.version > slip.base || !entry.html) {
        slip.fresh = { id: entry.id, html: entry.html };
        item.toggleAttribute('data-gone', !entry.html);
        peer(slip, notula.phrase(entry.html ? 'changedBy' : 'deletedBy', entry.by));
      }
      return;
    }
    var sending = entry.html && notula.slips.some(function (other) { return other.id === null && entry.html.indexOf('data-key="' + other.key + '"') > 0; });
    if (sending || (item && entry.html && Number(item.getAttribute('data-version')) === entry.version)) { return; }
    if (item || entry.html) { notula.place(entry, item); }
  }

  function peer(slip, text) {
    var note = slip.form.querySelector('[data-peer]');
    if (note.textContent === text) { return; }
    note.textContent = text;
    note.hidden = !text;
    notula.say(text);
  }

  function present(people) {
    var where = {};
    people.forEach(function (person) { if (person.self) { person.name = phrases.otherTab; } });
    people.forEach(function (person) { person.keys.forEach(function (key) { where[key] = (where[key] || []).concat(person.name); }); });
    entries().forEach(function (item) {
      var names = (where[item.getAttribute('data-id')] || []).join(', ');
      if ((item.getAttribute('data-editors') || '') === names) { return; }
      item.setAttribute('data-editors', names);
      item.querySelector('[data-presence]').textContent = names ? notula.phrase('editing', names) : '';
      if (names && notula.slipOf(item)) { notula.say(notula.phrase('editing', names)); }
    });
    var names = people.map(function (person) { return person.name; }).filter(function (name, n, all) { return all.indexOf(name) === n; });
    document.querySelector('[data-people]').textContent = names.length ? notula.phrase('here', names.join(', ')) : '';
    document.querySelector('[data-new-by]').textContent = where.baru ? notula.phrase('writingNew', where.baru.join(', ')) : '';
  }

  /* -- leaving ---------------------------------------------------------------------------------------------------------------------------- */

  function keepAll() { notula.slips.forEach(function (slip) { slip.keep(); }); }

  function hurry() {
    keepAll();
    notula.slips.forEach(function (slip) {
      if (!slip.owes() || line.busy === slip) { return; }
      var request = slip.draftRequest();
      fetch(request.url, { method: 'POST', body: request.body, keepalive: true, credentials: 'same-origin', headers: { 'X-CSRFToken': portal.token(), 'X-Requested-With': 'fetch' } })
        .then(function (response) { if (response.ok) { slip.drafted(request.seq); notula.show(); } }, nothing);
    });
  }

  document.addEventListener('visibilitychange', function () { if (document.hidden) { hurry(); } else { pulse(); line.pump(); } });
  window.addEventListener('pagehide', hurry);
  window.addEventListener('beforeunload', function (event) {
    keepAll();
    if (notula.slips.some(function (slip) { return !slip.isKept(); })) { event.preventDefault(); event.returnValue = ''; }
  });
  document.addEventListener('portal:submitted', function (event) {
    // A shared computer: what the server has need not stay on the device.
    if (event.detail.form.hasAttribute('data-logout')) { notula.slips.forEach(function (slip) { if (slip.sent >= slip.seq && slip.state === 'draft') { notula.store.drop(slip.key); } }); }
  });

  /* -- begin --------------------------------------------------------------------------------------------------------------------------------- */

  entries().forEach(prepare);
  document.body.classList.add('notula-live');
  notula.newComposer();
  notula.restore();
  count();
  notula.show();
  if (location.hash === '#tulis') { toComposer(); }
  setTimeout(pulse, 1500);
})();
