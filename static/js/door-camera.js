/* The door, part 4: the camera. QR codes are read by the browser itself where it can, else by the package qr.

   door.camera.start(), stop(), turn() (the next camera), torch(); each text that is seen goes to door.scanned(text, when). */
(function () {
  'use strict';

  var door = window.door;
  if (!door) { return; }
  var LOOK_EVERY = 120;
  var REST = 50; // between two looks, for the screen of a slow phone
  var LARGEST = 640;
  var SAME = 4000;
  var video = document.querySelector('[data-video]');
  var canvas = document.createElement('canvas');
  var camera = door.camera = { on: false, trouble: '', cameras: 0, canLight: false, light: false };
  var stream = null;
  var read = null;
  var timer = null;
  var seen = { text: '', at: 0 };
  var chosen = door.remember('kamera');
  var lock = null;

  /* -- readers ------------------------------------------------------------------------------------------------------------ */

  function native() {
    if (!window.BarcodeDetector || !window.BarcodeDetector.getSupportedFormats) { return Promise.reject(new Error('none')); }
    return window.BarcodeDetector.getSupportedFormats().then(function (formats) {
      if (formats.indexOf('qr_code') === -1) { throw new Error('none'); }
      var detector = new window.BarcodeDetector({ formats: ['qr_code'] });
      return function () { return detector.detect(video).then(function (found) { return found.length ? found[0].rawValue : ''; }); };
    });
  }

  function packaged() {
    return import(door.setup.decoder).then(function (module) {
      var context = canvas.getContext('2d', { willReadFrequently: true });
      return function () {
        // The square that is shown, not smaller than it must be for a card at arm's length.
        var side = Math.min(video.videoWidth, video.videoHeight);
        var edge = canvas.width = canvas.height = Math.min(side, LARGEST);
        context.drawImage(video, (video.videoWidth - side) / 2, (video.videoHeight - side) / 2, side, side, 0, 0, edge, edge);
        try { return Promise.resolve(module.decodeQR(context.getImageData(0, 0, edge, edge))); } catch (error) { return Promise.resolve(''); /* no code in this picture */ }
      };
    });
  }

  function reader() { return read ? Promise.resolve(read) : native().catch(packaged).then(function (found) { read = found; return found; }); }

  /* -- looking -------------------------------------------------------------------------------------------------------------- */

  function look() {
    if (!camera.on) { return; }
    var begin = Date.now();
    var seeing = video.readyState >= 2 && video.videoWidth ? read() : Promise.resolve('');
    seeing.catch(function () { return ''; /* this picture was no good; the next one is */ }).then(function (text) {
      if (text) { notice(text, begin); }
      timer = setTimeout(look, Math.max(REST, LOOK_EVERY - (Date.now() - begin)));
    });
  }

  // A card that stays before the camera counts once.
  function notice(text, when) {
    var again = text === seen.text && when - seen.at < SAME;
    seen = { text: text, at: when };
    if (!again) { door.scanned(text, when); }
  }

  camera.start = function () {
    if (camera.on) { return Promise.resolve(); }
    if (!navigator.mediaDevices || !navigator.mediaDevices.getUserMedia) { return fail(window.isSecureContext ? 'none' : 'insecure'); }
    var wanted = chosen ? { deviceId: { ideal: chosen } } : { facingMode: { ideal: 'environment' } };
    return navigator.mediaDevices.getUserMedia({ audio: false, video: Object.assign({ width: { ideal: 1280 }, height: { ideal: 720 } }, wanted) })
      .then(function (given) {
        stream = given;
        video.srcObject = given;
        return Promise.all([video.play(), reader().catch(function () { throw new Error('reader'); })]);
      })
      .then(function () {
        camera.on = true;
        camera.trouble = '';
        describe();
        look();
        awake();
      }, function (error) { camera.stop(); return fail(error.message === 'reader' ? 'reader' : error.name === 'NotAllowedError' ? 'denied' : error.name === 'NotFoundError' ? 'none' : 'busy'); });
  };

  function fail(reason) {
    camera.trouble = reason;
    door.show();
  }

  function describe() {
    var track = stream.getVideoTracks()[0];
    var can = track.getCapabilities ? track.getCapabilities() : {};
    camera.canLight = Boolean(can.torch);
    camera.light = false;
    track.addEventListener('ended', function () { camera.stop(); fail('busy'); });
    navigator.mediaDevices.enumerateDevices().then(function (devices) {
      camera.cameras = devices.filter(function (device) { return device.kind === 'videoinput'; }).length;
      door.show();
    });
    door.show();
  }

  camera.stop = function () {
    clearTimeout(timer);
    camera.on = false;
    if (stream) { stream.getTracks().forEach(function (track) { track.stop(); }); }
    stream = null;
    video.srcObject = null;
    if (lock) { lock.release().catch(function () { /* it is free already */ }); lock = null; }
    door.show();
  };

  camera.turn = function () {
    var now = stream && stream.getVideoTracks()[0].getSettings().deviceId;
    return navigator.mediaDevices.enumerateDevices().then(function (devices) {
      var all = devices.filter(function (device) { return device.kind === 'videoinput'; }).map(function (device) { return device.deviceId; });
      chosen = door.remember('kamera', all[(all.indexOf(now) + 1) % all.length] || '');
      camera.stop();
      return camera.start();
    });
  };

  camera.torch = function () {
    camera.light = !camera.light;
    return stream.getVideoTracks()[0].applyConstraints({ advanced: [{ torch: camera.light }] }).then(door.show, function () { camera.light = false; camera.canLight = false; door.show(); });
  };

  // The screen stays on while the camera looks.
  function awake() {
    if (!navigator.wakeLock) { return; }
    navigator.wakeLock.request('screen').then(function (given) { lock = given; }, function () { /* a low battery may refuse it */ });
  }

  var paused = false;
  document.addEventListener('visibilitychange', function () {
    if (document.hidden && camera.on) { paused = true; camera.stop(); } else if (!document.hidden && paused) { paused = false; camera.start(); }
  });

  // Who allowed it before is not asked to press again.
  camera.resume = function () {
    if (!navigator.permissions || !navigator.permissions.query) { return; }
    navigator.permissions.query({ name: 'camera' }).then(function (answer) { if (answer.state === 'granted' && door.remember('kamera-mati') !== '1') { camera.start(); } }, function () { /* not asked for here */ });
  };
})();
