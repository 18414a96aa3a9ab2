/* Minutes, part 3: what an earlier visit left unsaved, on this device or with the server, comes back as slips (minutes-slips.js). */
(function () {
  'use strict';

  var notula = window.notula;
  if (!notula) { return; }
  var portal = window.portal;
  var setup = notula.setup;
  var store = notula.store;
  var phrases = notula.phrases;
  var list = notula.list;
  var composer = notula.composer;

  function button(name, run) {
    var element = document.createElement('button');
    element.type = 'button';
    element.className = 'btn btn-secondary btn-sm';
    element.textContent = name;
    element.addEventListener('click', run);
    return element;
  }

  function known(key) {
    return list.querySelector(/-/.test(key) ? '[data-key="' + key + '"]' : '[data-id="' + key + '"]');
  }

  function candidates(key, local, server) {
    var item = known(key);
    var stored = item ? JSON.parse(item.getAttribute('data-words')) : null;
    return [local, server].filter(function (copy) {
      return copy && !notula.empty(copy.words) && !(stored && notula.same(copy.words, stored));
    }).sort(function (a, b) { return b.seq - a.seq; });
  }

  function openFor(key, copy) {
    var item = known(key);
    if (item) { return notula.edit(item, copy.words, copy.base); }
    var free = notula.slips.filter(function (slip) { return slip.form.parentNode === composer && slip.state === 'clean'; })[0];
    var slip;
    if (/-/.test(key) && free && copy.state !== 'queued') {
      free.key = key;
      slip = free;
    } else {
      var row = document.createElement('li');
      row.className = 'entry is-editing';
      row.tabIndex = -1;
      list.appendChild(row);
      row.appendChild(notula.newForm());
      slip = new notula.Slip(row.firstElementChild, key, {}, copy.base);
    }
    notula.fill(slip.form, copy.words);
    return slip;
  }

  function restoreOne(key, local, server) {
    var found = candidates(key, local, server);
    if (!found.length) {
      store.drop(key);
      return 0;
    }
    var copy = found[0];
    var slip = openFor(key, copy);
    slip.seq = copy.seq;
    slip.base = copy.base;
    slip.state = 'draft';
    slip.sent = server && server.seq >= copy.seq ? server.seq : 0;
    slip.due = Date.now();
    if (local && local.state === 'queued') {
      slip.choice = local.choice || null;
      slip.enqueue();
      slip.pending();
      return 0;
    }
    slip.keep();
    if (slip.key !== key) { forget(key, copy); }
    offer(slip, copy, copy === local, found[1] && !notula.same(found[0].words, found[1].words) ? found[1] : null);
    return 1;
  }

  // Typed under the name of a new entry that has been saved meanwhile: from now on it belongs to that entry.
  function forget(key, copy) {
    store.drop(key);
    var values = Object.assign({}, copy.words, { key: key, seq: notula.tick(), discard: 1 });
    portal.fetch(setup.urls.draft, { method: 'POST', body: portal.formBody(values) }).catch(function () { /* offered once more next time */ });
  }

  function offer(slip, copy, fromHere, other) {
    var note = document.createElement('div');
    var text = document.createElement('span');
    note.className = 'notice tone-info kept';
    note.setAttribute('role', 'status');
    text.textContent = notula.phrase(fromHere ? 'restoredHere' : 'restoredServer', notula.clock(copy.seq));
    note.appendChild(text);
    if (other) {
      note.appendChild(button(notula.phrase(fromHere ? 'useServer' : 'useHere', notula.clock(other.seq)), function () {
        var shown = { words: slip.words(), seq: slip.seq };
        notula.fill(slip.form, other.words);
        slip.touched();
        note.remove();
        offer(slip, other, !fromHere, shown);
      }));
    }
    note.appendChild(button(phrases.drop, function () {
      if (slip.form.parentNode === composer) { slip.discard(); notula.newComposer().form.elements.text.focus(); } else { slip.close(true); }
    }));
    slip.form.insertBefore(note, slip.form.firstChild);
  }

  notula.restore = function () { return store.liveTabs().then(restoreAll, function () { restoreAll([]); }); };

  function restoreAll(tabs) {
    var locals = {};
    var servers = {};
    var elsewhere = {};
    store.all().forEach(function (copy) {
      if (copy.tab !== notula.tab && tabs.indexOf(copy.tab) >= 0) { elsewhere[copy.key] = true; } else { locals[copy.key] = copy; }
    });
    setup.drafts.forEach(function (draft) { draft.state = 'draft'; if (!elsewhere[draft.key]) { servers[draft.key] = draft; } });
    var keys = Object.keys(locals).concat(Object.keys(servers).filter(function (key) { return !locals[key]; }));
    var count = keys.reduce(function (sum, key) { return sum + restoreOne(key, locals[key], servers[key]); }, 0);
    if (count) { notula.say(notula.phrase('restoredMany', count)); }
    notula.line.pump();
  }
})();
