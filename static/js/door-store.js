/* The door, part 1: what stands on this device. Documented in docs/interface.md ("The door").

   lists   the list of a half-day as the server last told it, one record per list
   items   check-ins that the server has not confirmed (state "waiting"), and those it refused (state "refused")

   Names stay no longer than they are needed: a list goes when it is closed and nothing waits for it, on the first visit
   after its day, when the server says that it is not ours, and at logout (keeper.js, which leaves the queue).
   A check-in is on the disk before anybody is told that it counts, also when the power goes in the next second.
   Without IndexedDB (some private windows) everything lives in memory, and `works` is false. Works on Chrome 70. */
(function () {
  'use strict';

  var source = document.getElementById('door-setup');
  if (!window.portal || !source) { return; }
  var setup = JSON.parse(source.textContent);
  var phrases = document.getElementById('door-phrases').dataset;
  var door = window.door = { setup: setup };
  var store = door.store = { works: true };
  var memory = { lists: {}, items: {} };
  var opened = null;

  // `data-say-note-sent` is phrase('noteSent').
  door.phrase = function (name, value) { return (phrases['say' + name.charAt(0).toUpperCase() + name.slice(1)] || '').replace('%s', value); };

  function open() {
    if (opened) { return opened; }
    opened = new Promise(function (resolve, reject) {
      var request = window.indexedDB.open('rakor-pintu', 1);
      request.onupgradeneeded = function () {
        request.result.createObjectStore('lists', { keyPath: 'key' });
        request.result.createObjectStore('items', { keyPath: 'key' });
      };
      request.onsuccess = function () { resolve(request.result); };
      request.onerror = request.onblocked = function () { reject(request.error); };
    }).catch(function () { store.works = false; return null; });
    return opened;
  }

  /* Resolves when it is on the disk; a disk that is full or switched off sends everything to memory from then on.
     Only check-ins wait for the disk itself: a list can be fetched again. */
  function write(name, work, remember) {
    return open().then(function (base) {
      remember(memory[name]);
      if (!base) { return undefined; }
      return new Promise(function (resolve, reject) {
        var change = base.transaction([name], 'readwrite', { durability: name === 'items' ? 'strict' : 'relaxed' });
        work(change.objectStore(name));
        change.oncomplete = function () { resolve(); };
        change.onerror = change.onabort = function () { reject(change.error); };
      }).catch(function () { store.works = false; });
    });
  }

  function read(name) {
    return open().then(function (base) {
      if (!base) { return values(memory[name]); }
      return new Promise(function (resolve) {
        var request = base.transaction([name]).objectStore(name).getAll();
        request.onsuccess = function () { resolve(store.works ? request.result : together(request.result, memory[name])); };
        request.onerror = function () { resolve(values(memory[name])); };
      });
    });
  }

  // The disk took no more: what it holds, and what only memory knows.
  function together(rows, kept) {
    return rows.filter(function (row) { return !kept[row.key]; }).concat(values(kept));
  }

  function values(things) { return Object.keys(things).map(function (key) { return things[key]; }); }

  function put(name, thing) {
    return write(name, function (rows) { rows.put(thing); }, function (kept) { kept[thing.key] = thing; });
  }

  function remove(name, keys) {
    return write(name, function (rows) { keys.forEach(function (key) { rows.delete(key); }); }, function (kept) { keys.forEach(function (key) { delete kept[key]; }); });
  }

  function keyOf(list) { return setup.meeting + '/' + list; }

  /* -- lists ------------------------------------------------------------------------------------------------------------ */

  store.saveList = function (list, data) { return put('lists', { key: keyOf(list), data: data, at: Date.now() }); };
  store.dropList = function (list) { return remove('lists', [keyOf(list)]); };
  store.list = function (list) {
    return read('lists').then(function (all) {
      var found = all.filter(function (kept) { return kept.key === keyOf(list); })[0];
      return found ? found.data : null;
    });
  };
  // `day` is today where the meeting is. A list that was asked for today stays: somebody fills it in afterwards.
  store.tidy = function (everything, day) {
    return Promise.all([read('lists'), store.items()]).then(function (found) {
      var waits = found[1].filter(function (item) { return item.state === 'waiting'; }).map(function (item) { return keyOf(item.list); });
      var old = found[0].filter(function (kept) {
        if (everything) { return kept.key.indexOf(setup.meeting + '/') === 0; }
        return kept.data.list.on < day && Date.now() - kept.at > 43200000 && waits.indexOf(kept.key) === -1;
      });
      return old.length ? remove('lists', old.map(function (kept) { return kept.key; })) : undefined;
    });
  };

  /* -- check-ins --------------------------------------------------------------------------------------------------------- */

  store.add = function (item) { return put('items', Object.assign({ meeting: setup.meeting, state: 'waiting', sentence: '' }, item)); };
  store.refuse = function (item, sentence) { return put('items', Object.assign({}, item, { state: 'refused', sentence: sentence })); };
  store.drop = function (keys) { return keys.length ? remove('items', keys) : Promise.resolve(); };
  store.items = function () {
    return read('items').then(function (all) {
      return all.filter(function (item) { return item.meeting === setup.meeting; }).sort(function (a, b) { return a.at - b.at; });
    });
  };

  /* -- the device --------------------------------------------------------------------------------------------------------- */

  // Its name in the server's record of scans; a switch that is remembered here (sound, the chosen half-day).
  door.remember = function (name, value) {
    try {
      if (value !== undefined) { localStorage.setItem('pintu:' + name, value); }
      return localStorage.getItem('pintu:' + name) || '';
    } catch (error) { return value || ''; /* storage switched off: forgotten with the page */ }
  };
  door.device = door.remember('perangkat') || door.remember('perangkat', portal.uuid().slice(0, 8));

  // The browser is asked not to clear this away when the disk fills up.
  if (navigator.storage && navigator.storage.persist) { navigator.storage.persist().catch(function () { /* then it may */ }); }
})();
