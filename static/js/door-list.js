/* The door, part 2: who is expected and who came, as the server last said, with what still waits on this device. */
(function () {
  'use strict';

  var door = window.door;
  if (!door) { return; }
  var CAME = ['hadir', 'terlambat'];
  var list = door.list = { id: null, data: null, items: [], waiting: {} };

  /* -- from the server --------------------------------------------------------------------------------------------------- */

  list.use = function (id, data) {
    list.id = id;
    list.data = data;
    index();
  };

  // The whole list, or (of an answer to a sending) only what changed since.
  list.take = function (answer) {
    var changed = !answer.results || Boolean((answer.people || []).length);
    if (!answer.results) { list.data = answer; } else {
      Object.keys(answer.rows || {}).forEach(function (id) { list.data.rows[id] = answer.rows[id]; });
      (answer.people || []).forEach(function (person) {
        list.data.people = list.data.people.filter(function (old) { return old.id !== person.id; }).concat(person.gone ? [] : person);
      });
      list.data.list = answer.list || list.data.list;
      list.data.change = answer.change;
    }
    if (answer.server_time) { list.data.offset = answer.server_time - Date.now(); }
    if (changed) { index(); }
    list.store();
  };

  // On the disk while the door may need it without a link: a closed list whose scans are all sent is read on this page only.
  list.store = function () {
    var waits = list.items.some(function (item) { return item.list === list.id && item.state === 'waiting'; });
    return list.data.list.closed && !waits ? door.store.dropList(list.id) : door.store.saveList(list.id, list.data);
  };

  list.setItems = function (items) {
    list.items = items;
    list.waiting = {};
    items.forEach(function (item) {
      if (item.state === 'waiting') { list.waiting[item.list + ':' + (item.new ? 'new:' + item.key : item.person)] = item; }
    });
  };

  /* -- people ------------------------------------------------------------------------------------------------------------- */

  list.plain = function (text) {
    var plain = String(text || '').toLowerCase();
    if (plain.normalize) { plain = plain.normalize('NFD').replace(/[\u0300-\u036f]/g, ''); }
    return plain.replace(/[^a-z0-9]+/g, ' ').trim();
  };

  function index() {
    list.byId = {};
    list.byPass = {};
    if (!list.data) { return; }
    list.data.people.forEach(function (person) {
      person.plain = list.plain(person.name + ' ' + person.office + ' ' + person.title);
      list.byId[person.id] = person;
      list.byPass[person.pass] = person;
    });
  }

  // Who was added at the door and is not on the server yet stands in the list too.
  function guests() {
    return list.items.filter(function (item) { return item.new && item.list === list.id && item.state === 'waiting'; }).map(function (item) {
      return { id: 'new:' + item.key, name: item.new.name, office: item.new.institution, title: item.new.title, category: item.new.category, guest: true,
        plain: list.plain(item.new.name + ' ' + item.new.institution + ' ' + item.new.title) };
    });
  }

  // Whoever is replaced by a guest that waits to be sent is not expected any more.
  list.people = function () {
    var replaced = list.items.map(function (item) { return item.state === 'waiting' && item.list === list.id && item.new ? item.new.stands_in_for : 0; });
    var expected = list.data ? list.data.people.filter(function (person) { return replaced.indexOf(person.id) === -1; }) : [];
    return expected.concat(guests());
  };

  /* Every word of the question begins a word of the person; those whose name begins with it come first. */
  list.search = function (question, most) {
    var words = list.plain(question).split(' ').filter(Boolean);
    if (!words.length) { return []; }
    return list.people().filter(function (person) {
      return words.every(function (word) { return (' ' + person.plain).indexOf(' ' + word) !== -1; });
    }).sort(function (a, b) {
      return Number(b.plain.indexOf(words[0]) === 0) - Number(a.plain.indexOf(words[0]) === 0) || a.name.localeCompare(b.name);
    }).slice(0, most);
  };

  list.namesakes = function (name) {
    var wanted = list.plain(name);
    return wanted ? list.people().filter(function (person) { return list.plain(person.name) === wanted; }) : [];
  };

  /* -- states -------------------------------------------------------------------------------------------------------------- */

  list.waitingFor = function (person) { return list.waiting[list.id + ':' + person.id] || null; };

  list.serverNow = function () { return Date.now() + ((list.data && list.data.offset) || 0); };

  list.day = function (moment) {
    return new Intl.DateTimeFormat('en-CA', { year: 'numeric', month: '2-digit', day: '2-digit', timeZone: door.setup.zone }).format(new Date(moment));
  };

  // As the server judges: on another day (a list that is filled in afterwards) nobody is late.
  list.lateAt = function (moment) {
    var here = list.data && list.data.list;
    return Boolean(here && here.late_after && moment > here.late_after && list.day(moment) === here.on);
  };

  /* {state, came_at, hand, waits}; state "" or null when nobody said anything of this person. */
  list.stateOf = function (person) {
    var row = list.data && list.data.rows[person.id];
    var item = list.waitingFor(person);
    if (row && (CAME.indexOf(row.state) !== -1 || !item || row.hand)) { return Object.assign({ waits: Boolean(item) }, row); }
    if (!item) { return { state: '', came_at: null, hand: false, waits: false }; }
    var moment = item.at + ((list.data && list.data.offset) || 0);
    return { state: list.lateAt(moment) ? 'terlambat' : 'hadir', came_at: moment, hand: false, waits: true };
  };

  list.came = function (state) { return CAME.indexOf(state.state) !== -1; };

  list.counts = function () {
    var people = list.people();
    return { expected: people.length, present: people.filter(function (person) { return list.came(list.stateOf(person)); }).length };
  };

  list.clock = function (moment) {
    // In the meeting's time, not in that of a phone that came from another island.
    var parts = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', timeZone: door.setup.zone }).format(new Date(moment));
    return parts.replace(':', '.');
  };
})();
