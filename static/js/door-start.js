/* The door, part 6: the half-day of now, sound and vibration, buttons and keys, the page without a link. */
(function () {
  'use strict';

  var door = window.door;
  if (!door) { return; }
  var list = door.list;
  var setup = door.setup;
  var choice = document.querySelector('[data-list]');

  function one(selector) { return document.querySelector(selector); }

  /* -- sound and vibration: the keeper of the door looks at the guest, not at the screen ------------------------------------ */

  var TUNES = { // [hertz, from second, seconds]
    present: [[880, 0, 0.09], [1320, 0.1, 0.14]], late: [[880, 0, 0.09], [660, 0.1, 0.14]], again: [[660, 0, 0.12]], kept: [[660, 0, 0.12], [660, 0.18, 0.12]],
    unknown: [[660, 0, 0.12], [660, 0.18, 0.12]], refused: [[220, 0, 0.45]], foreign: [[220, 0, 0.3]],
  };
  var BUZZ = { present: [60], late: [60, 60, 60], again: [40, 60, 40], kept: [150], unknown: [150], refused: [300, 80, 300], foreign: [300] };
  var audio = null;
  var loud = door.remember('bisu') !== '1';

  function tune(notes) {
    notes.forEach(function (note) {
      var voice = audio.createOscillator();
      var volume = audio.createGain();
      var begin = audio.currentTime + note[1];
      voice.frequency.value = note[0];
      voice.type = note[0] < 300 ? 'square' : 'sine';
      volume.gain.setValueAtTime(0.25, begin);
      volume.gain.exponentialRampToValueAtTime(0.001, begin + note[2]);
      voice.connect(volume);
      volume.connect(audio.destination);
      voice.start(begin);
      voice.stop(begin + note[2]);
    });
  }

  door.signal = function (kind) {
    if (loud && audio && audio.state === 'running' && TUNES[kind]) { tune(TUNES[kind]); }
    var touched = !navigator.userActivation || navigator.userActivation.hasBeenActive;
    if (navigator.vibrate && touched && BUZZ[kind]) { navigator.vibrate(BUZZ[kind]); }
    var box = one('[data-result]');
    box.classList.remove('is-new');
    void box.offsetWidth; // begins the movement anew when the same result comes twice
    box.classList.add('is-new');
  };

  // Browsers let nobody make a sound before the first touch.
  function wake() {
    var Context = window.AudioContext || window.webkitAudioContext;
    if (!audio && Context) { audio = new Context(); }
    if (audio && audio.state === 'suspended') { audio.resume().catch(function () { /* then in silence */ }); }
  }
  document.addEventListener('pointerdown', wake);
  document.addEventListener('keydown', wake);

  one('[data-sound]').setAttribute('aria-pressed', String(loud));
  one('[data-sound]').addEventListener('click', function () {
    loud = !loud;
    door.remember('bisu', loud ? '0' : '1');
    this.setAttribute('aria-pressed', String(loud));
    if (loud) { door.signal('present'); }
  });

  /* -- which half-day ----------------------------------------------------------------------------------------------------- */

  function now() {
    var day = list.day(list.serverNow());
    var half = list.clock(list.serverNow()) < setup.noon ? 'pagi' : 'siang';
    var today = setup.lists.filter(function (each) { return each.on === day; });
    return { day: day, half: half, list: today.filter(function (each) { return each.half === half; })[0] || null };
  }

  function first() {
    var here = now();
    var asked = new URLSearchParams(location.search).get('daftar') || (door.remember('daftar').split(' ')[0] === here.day + here.half ? door.remember('daftar').split(' ')[1] : '');
    var wanted = setup.lists.filter(function (each) { return String(each.id) === asked; })[0];
    var coming = setup.lists.filter(function (each) { return each.on >= here.day; })[0];
    return wanted || here.list || coming || setup.lists[setup.lists.length - 1];
  }

  function choose(id) {
    var here = now();
    choice.value = String(id);
    door.remember('daftar', here.day + here.half + ' ' + id);
    return door.sync.choose(id);
  }

  door.showHalf = function () {
    var here = now().list;
    one('[data-other-half]').hidden = !here || here.id === list.id;
  };
  setInterval(door.showHalf, 60000);
  choice.addEventListener('change', function () { choose(Number(choice.value)); });
  one('[data-to-now]').addEventListener('click', function () { if (now().list) { choose(now().list.id); } });

  /* -- buttons and keys ------------------------------------------------------------------------------------------------------ */

  function on() { door.remember('kamera-mati', '0'); door.pane('scan'); return door.camera.start(); }
  function off() { door.remember('kamera-mati', '1'); door.camera.stop(); one('[data-start]').focus(); }
  one('[data-start]').addEventListener('click', on);
  one('[data-stop]').addEventListener('click', off);
  one('[data-turn]').addEventListener('click', function () { door.camera.turn(); });
  one('[data-torch]').addEventListener('click', function () { door.camera.torch(); });
  one('[data-send]').addEventListener('click', function () { door.sync.now(); });
  one('[data-relog]').addEventListener('click', function () { portal.login(); });
  Array.prototype.forEach.call(document.querySelectorAll('[data-to]'), function (button) {
    button.addEventListener('click', function () { door.pane(button.getAttribute('data-to')); });
  });

  document.addEventListener('keydown', function (event) {
    if (event.ctrlKey || event.altKey || event.metaKey || /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName) || one('dialog[open]')) { return; }
    var key = event.key.toLowerCase();
    if (key === 'p') { event.preventDefault(); if (door.camera.on) { off(); } else { on(); } }
    if (key === 't') { event.preventDefault(); one('[data-add]').click(); }
  });

  /* -- without a link --------------------------------------------------------------------------------------------------------- */

  if (navigator.serviceWorker) {
    navigator.serviceWorker.register(setup.worker, { scope: setup.scope }).then(function () { return navigator.serviceWorker.ready; }).then(function () {
      one('[data-ready]').hidden = false;
    }, function () { /* no session any more, or no link: the next visit registers it */ });
  }
  window.addEventListener('beforeinstallprompt', function (event) {
    event.preventDefault();
    one('[data-install]').hidden = false;
    one('[data-install]').onclick = function () { event.prompt(); this.hidden = true; };
  });

  // Logged out on another page of this browser: the names go from this screen too.
  window.addEventListener('storage', function (event) { if (event.key === 'portal:logout') { location.reload(); } });

  one('[data-device]').textContent = door.device;
  door.store.items().then(function (items) {
    list.setItems(items);
    return choose(first().id);
  });
  door.store.tidy(false, now().day);
  door.camera.resume();
})();
