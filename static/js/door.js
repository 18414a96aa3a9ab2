/* The door, part 5: the screen. One card or one name ─► a result one sees from two metres, hears and feels ─► the next.

   door.scanned(text, when) comes from the camera (or a scanner that types), door.answered(item, result) from the server,
   door.show() whenever anything changed; door-start.js holds the buttons around it. Results: present, late, again, kept, unknown (not in the list of this device),
   refused, foreign. A result is told as soon as it is on this device's disk; the server's word follows in the same place. */
(function () {
  'use strict';

  var door = window.door;
  if (!door) { return; }
  var list = door.list;
  var phrase = door.phrase;
  var KINDS = {
    ready: ['neutral', 'qr'], present: ['success', 'check-circle'], late: ['warning', 'clock'], again: ['info', 'info'], kept: ['warning', 'lock'],
    unknown: ['warning', 'help'], refused: ['danger', 'x-circle'], foreign: ['danger', 'x-circle'], excused: ['info', 'info'], absent: ['neutral', 'x'],
  };
  var STATES = { hadir: 'present', terlambat: 'late', izin: 'excused', tidak_hadir: 'absent' };
  var MOST = 12;
  var recent = [];
  var shown = { key: '', at: 0 };
  var open = null; // the person whose "Catat hadir" is shown
  var hands = {};

  function one(selector, root) { return (root || document).querySelector(selector); }
  function all(selector, root) { return Array.prototype.slice.call((root || document).querySelectorAll(selector)); }
  function slot(root, name, value) { one('[data-slot="' + name + '"]', root).textContent = value || ''; }
  function capital(kind) { return kind.charAt(0).toUpperCase() + kind.slice(1); }

  function icon(name) {
    var svg = one('svg.icon').cloneNode(true);
    var use = svg.firstElementChild;
    use.setAttribute('href', use.getAttribute('href').split('#')[0] + '#' + name);
    return svg;
  }

  function mark(place, name) {
    if (place.getAttribute('data-shows') === name) { return; }
    place.setAttribute('data-shows', name);
    place.textContent = '';
    place.appendChild(icon(name));
  }

  /* -- the result ---------------------------------------------------------------------------------------------------------- */

  function tell(kind, name, note, key, quiet) {
    var box = one('[data-result]');
    box.className = 'door-result tone-' + KINDS[kind][0];
    box.setAttribute('data-kind', kind);
    mark(one('[data-mark]'), KINDS[kind][1]);
    slot(box, 'word', phrase('word' + capital(kind)));
    slot(box, 'name', name);
    slot(box, 'note', note);
    shown = { key: key || '', at: Date.now() };
    if (!quiet) { door.signal(kind); }
  }

  function line(entry) {
    recent = [entry].concat(recent.filter(function (old) { return old.key !== entry.key; })).slice(0, 8);
  }

  /* -- checking in ----------------------------------------------------------------------------------------------------------- */

  function enter(item, kind, name) {
    var moment = list.serverNow() - (Date.now() - item.at);
    line({ key: item.key, kind: kind, name: name, clock: list.clock(moment), sent: false });
    return door.store.add(item).then(function () { return door.store.items(); }).then(function (items) {
      list.setItems(items);
      tell(kind, name, kind === 'unknown' ? phrase('noteUnknown') : phrase('noteHere', list.clock(moment)), item.key, kind === 'unknown' && door.sync.state === 'online');
      render();
      door.sync.now();
    });
  }

  function coming() { return list.lateAt(list.serverNow()) ? 'late' : 'present'; }
  function fresh(values) { return Object.assign({ key: portal.uuid(), list: list.id, person: null, pass: null }, values); }

  door.checkIn = function (person, method, when, pass) {
    var state = list.stateOf(person);
    if (list.came(state)) { tell('again', person.name, phrase('noteSince', list.clock(state.came_at)), ''); return Promise.resolve(); }
    if (hands[person.id]) { return Promise.resolve(); }
    hands[person.id] = true; // a second tap while the disk writes
    return enter(fresh({ person: person.id, pass: pass || null, at: when, method: method, name: person.name }), coming(), person.name)
      .then(function () { delete hands[person.id]; });
  };

  function digest(text) {
    return window.crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)).then(function (bytes) {
      return Array.prototype.map.call(new Uint8Array(bytes), function (byte) { return ('0' + byte.toString(16)).slice(-2); }).join('').slice(0, 16);
    });
  }

  // The card holds the address of the person's own page; a scanner may give the bare secret.
  function passOf(text) {
    var found = /\/hadir\/([2-9a-z]{16})\/?(?:[?#].*)?$/.exec(text.trim()) || /^([2-9a-z]{16})$/.exec(text.trim());
    return found ? found[1] : '';
  }

  door.scanned = function (text, when) {
    var token = passOf(text);
    if (!token) { tell('foreign', '', phrase('noteForeign')); return Promise.resolve(); }
    if (!window.crypto.subtle) { tell('refused', '', phrase('noteInsecure')); return Promise.resolve(); }
    return digest(token).then(function (pass) {
      var person = list.byPass && list.byPass[pass];
      if (person) { return door.checkIn(person, 'qr', when, pass); }
      var twice = list.items.some(function (item) { return item.list === list.id && item.pass === pass && item.state === 'waiting'; });
      if (twice) { tell('again', phrase('nameless'), phrase('waits')); return undefined; }
      return enter(fresh({ pass: pass, at: when, method: 'qr', name: phrase('nameless') }), 'unknown', phrase('nameless'));
    });
  };

  // What the server made of it. A person who was counted meanwhile at another door is told only while he still stands here.
  door.answered = function (item, result) {
    var person = list.byId && list.byId[result.person];
    var name = person ? person.name : nameOf(item);
    var kind = { ganda: 'again', disimpan: 'kept', ditolak: 'refused' }[result.outcome];
    if (!kind) {
      var row = person && list.data.rows[person.id];
      kind = row && row.state === 'terlambat' ? 'late' : 'present';
    }
    recent.forEach(function (entry) {
      if (entry.key === item.key) { Object.assign(entry, { kind: kind, name: name, sent: true }); }
    });
    var standing = shown.key === item.key && Date.now() - shown.at < 6000;
    var notes = { again: phrase('noteElsewhere'), kept: result.sentence || phrase('noteCorrected'), refused: result.sentence };
    if (standing || kind === 'refused') {
      var asBefore = one('[data-result]').getAttribute('data-kind') === kind;
      tell(kind, name, result.remark || notes[kind] || phrase('noteSent', list.clock(list.serverNow())), item.key, asBefore);
    }
    document.dispatchEvent(new CustomEvent('door:confirmed', { detail: { key: item.key, outcome: result.outcome, milliseconds: Date.now() - item.at } }));
    door.show();
  };

  /* -- looking for a name ------------------------------------------------------------------------------------------------------ */

  var question = one('[data-q]');

  function row(person) {
    var node = document.importNode(one('#door-row').content, true).firstElementChild;
    var state = list.stateOf(person);
    var kind = STATES[state.state];
    var badge = one('[data-slot="badge"]', node);
    slot(node, 'name', person.name);
    slot(node, 'office', [person.title, person.office].filter(Boolean).join(', '));
    if (kind || person.guest) {
      badge.hidden = false;
      badge.className = 'badge-tone tone-' + (kind ? KINDS[kind][0] : 'info');
      badge.appendChild(icon(kind ? KINDS[kind][1] : 'plus'));
      badge.appendChild(document.createTextNode(kind ? phrase('word' + capital(kind)) + (state.came_at ? ' ' + list.clock(state.came_at) : '') : phrase('new')));
    }
    one('[data-pick]', node).setAttribute('aria-expanded', String(open === person.id));
    one('[data-check]', node).hidden = open !== person.id || list.came(state);
    one('[data-stand-in]', node).hidden = one('[data-check]', node).hidden || Boolean(person.guest) || Boolean(state.state);
    node.setAttribute('data-person', person.id);
    node.person = person;
    return node;
  }

  function fill(place, persons) {
    var focus = place.contains(document.activeElement) ? document.activeElement : null;
    var person = focus && focus.closest('[data-person]').getAttribute('data-person');
    var which = focus && (focus.hasAttribute('data-check') ? '[data-check]' : '[data-pick]');
    place.textContent = '';
    persons.forEach(function (each) { place.appendChild(row(each)); });
    if (focus) { focusOn(place, person, which); }
  }

  function focusOn(place, person, which) {
    var node = all('[data-person]', place).filter(function (each) { return each.getAttribute('data-person') === String(person); })[0];
    var button = node && one(which, node);
    if (button && button.hidden) { button = one('[data-pick]', node); }
    if (button) { button.focus(); }
  }

  function people() {
    var asked = question.value.trim();
    var found = list.search(asked, MOST + 1);
    var more = found.length > MOST;
    fill(one('[data-people]'), found.slice(0, MOST));
    var said = !list.data ? phrase('noList') : !asked ? phrase('hint') : !found.length ? phrase('nobody') : more ? phrase('more', MOST) : phrase('found', found.length);
    var place = one('[data-found]');
    if (place.textContent !== said) { place.textContent = said; }
  }

  function pick(person, place) {
    open = open === person.id ? null : person.id;
    people();
    if (open) { focusOn(place, person.id, '[data-check]'); }
  }

  var dialog = one('#door-add');

  function note(person) {
    open = null;
    question.value = '';
    if (dialog.open) { dialog.close(); }
    people();
    if (wide()) { question.focus(); } else { pane('scan'); one('#isi').focus(); }
    return door.checkIn(person, 'nama', Date.now());
  }

  document.addEventListener('click', function (event) {
    var button = event.target.closest('[data-pick], [data-check]');
    if (!button) { return; }
    var person = button.closest('[data-person]').person;
    if (button.hasAttribute('data-check')) { note(person); } else if (dialog.contains(button)) { note(person); } else { pick(person, one('[data-people]')); }
  });

  question.addEventListener('input', function () { open = null; people(); });
  question.addEventListener('keydown', function (event) {
    var first = one('[data-people] [data-person]');
    if (event.key === 'ArrowDown' && first) { event.preventDefault(); one('[data-pick]', first).focus(); }
    if (event.key !== 'Enter') { return; }
    event.preventDefault();
    if (passOf(question.value)) { door.scanned(question.value, Date.now()); question.value = ''; people(); return; }
    if (first) { open = null; pick(first.person, one('[data-people]')); }
  });

  /* -- everything else on the screen ------------------------------------------------------------------------------------------------ */

  function wide() { return window.matchMedia('(min-width: 992px)').matches; }

  /* For door-add.js: a list of people, somebody new noted as come, the search as it is and emptied. */
  door.fill = fill;
  door.wide = wide;
  door.enterNew = function (values) { return enter(fresh({ at: Date.now(), method: 'nama', new: values, name: values.name }), coming(), values.name); };
  door.asked = function () { return passOf(question.value) ? '' : question.value.trim(); };
  door.emptied = function () { question.value = ''; open = null; people(); };

  function pane(name) {
    one('[data-door]').setAttribute('data-pane', name);
    all('[data-to]').forEach(function (button) { button.setAttribute('aria-pressed', String(button.getAttribute('data-to') === name)); });
    if (name === 'find') { question.focus(); }
  }
  door.pane = pane;

  function link(waiting) {
    var state = door.sync.state;
    function told(name) { return waiting ? phrase(name, waiting) : phrase(name + 'Empty'); }
    var said = {
      online: waiting ? ['progress', 'progress', phrase('sending', waiting)] : ['success', 'check-circle', phrase('online')],
      offline: ['warning', 'wifi-off', told('offline')],
      trouble: ['warning', 'warning', told('trouble')],
      login: ['warning', 'login', told('login')],
      refused: ['danger', 'x-circle', door.sync.sentence],
    }[state];
    var box = one('[data-link]');
    box.className = 'door-link tone-' + (door.store.works || !waiting ? said[0] : 'danger');
    box.setAttribute('data-state', state);
    box.setAttribute('data-waiting', waiting);
    mark(one('[data-link-icon]'), said[1]);
    slot(box, 'text', said[2] + (door.store.works ? '' : ' ' + phrase('unsafe')));
    one('[data-closed]').hidden = !(list.data && list.data.list.closed);
    one('[data-relog]').hidden = state !== 'login';
    one('[data-send]').hidden = !waiting || state === 'login' || state === 'online';
    var say = one('[data-say]');
    if (say.getAttribute('data-state') !== state) { say.setAttribute('data-state', state); say.textContent = said[2]; }
  }

  // Logging out takes the names off the queue; the list knows them again.
  function nameOf(item) {
    var person = list.byId && list.byId[item.person];
    return person ? person.name : item.name || phrase('nameless');
  }

  function lines() {
    var unsent = list.items.filter(function (item) { return item.state === 'waiting'; });
    var known = recent.map(function (entry) { return entry.key; });
    var older = unsent.filter(function (item) { return known.indexOf(item.key) === -1; }).reverse().map(function (item) {
      return { key: item.key, kind: item.pass && !item.person ? 'unknown' : 'present', name: nameOf(item), clock: list.clock(item.at), sent: false };
    });
    var entries = recent.concat(older);
    one('[data-none]').hidden = entries.length > 0;
    draw(one('[data-recent]'), entries.map(function (entry) {
      return [KINDS[entry.kind], entry.name, phrase('word' + capital(entry.kind)) + ' ' + entry.clock + (entry.sent ? '' : ' · ' + phrase('waits')), ''];
    }));
    var refused = list.items.filter(function (item) { return item.state === 'refused'; });
    one('[data-refused-panel]').hidden = !refused.length;
    draw(one('[data-refused]'), refused.map(function (item) { return [KINDS.refused, nameOf(item), list.clock(item.at) + (item.sentence ? ' · ' + item.sentence : ''), item.key]; }));
  }

  function draw(place, entries) {
    place.textContent = '';
    entries.forEach(function (entry) {
      var node = document.importNode(one('#door-line').content, true).firstElementChild;
      node.className += ' tone-' + entry[0][0];
      one('[data-slot="mark"]', node).appendChild(icon(entry[0][1]));
      slot(node, 'name', entry[1]);
      slot(node, 'note', entry[2]);
      var button = one('[data-dismiss]', node);
      button.hidden = !entry[3];
      button.setAttribute('data-dismiss', entry[3]);
      place.appendChild(node);
    });
  }

  one('[data-refused]').addEventListener('click', function (event) {
    var button = event.target.closest('[data-dismiss]');
    if (!button) { return; }
    door.store.drop([button.getAttribute('data-dismiss')]).then(function () { return door.store.items(); }).then(function (items) { list.setItems(items); door.show(); });
  });

  function camera() {
    var eye = door.camera;
    one('[data-camera]').setAttribute('data-camera', eye.on ? 'on' : 'off');
    one('[data-stop]').hidden = !eye.on;
    one('[data-turn]').hidden = !eye.on || eye.cameras < 2;
    one('[data-torch]').hidden = !eye.on || !eye.canLight;
    one('[data-torch]').setAttribute('aria-pressed', String(eye.light));
    var trouble = one('[data-trouble]');
    trouble.hidden = !eye.trouble;
    trouble.textContent = eye.trouble ? phrase('camera' + capital(eye.trouble)) : '';
  }

  // Many things change at once when an answer comes; they are drawn once.
  var drawing = null;
  door.show = function () {
    if (!drawing) { drawing = setTimeout(function () { drawing = null; render(); }, 0); }
  };

  function render() {
    var counts = list.counts();
    one('[data-present]').textContent = counts.present;
    one('[data-expected]').textContent = list.data ? counts.expected : '–';
    link(list.items.filter(function (item) { return item.state === 'waiting'; }).length);
    lines();
    people();
    camera();
    door.showHalf();
  }

  window.addEventListener('beforeunload', function (event) {
    if (!door.store.works && list.items.some(function (item) { return item.state === 'waiting'; })) { event.preventDefault(); event.returnValue = ''; }
  });
})();
