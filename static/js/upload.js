/* Files in pieces: what has arrived stays there, whatever becomes of the link, the session or the page.

     chosen ─► checksum ─► POST begin {key, name, size, crc32, item} ─► {url, received, size, done}
                                     └─► POST url?dari=received with the next piece ─► the same answer, until done

   The server says where to go on: after a lost answer, in a second tab, and when the same file is chosen again after the
   page was left. One file at a time. A refusal (4xx with a sentence) ends a file; no link and 5xx are tried again.
   Without this script the form sends its files by itself. Works on Chrome 70. */
(function () {
  'use strict';

  var portal = window.portal;
  var panel = document.querySelector('[data-attachments]');
  var form = panel && panel.querySelector('form[data-begin]');
  if (!form || !window.FileReader || !window.htmx) { return; }

  var PIECE = 256 * 1024;
  var SMALLEST = 32 * 1024;
  var input = form.querySelector('input[type="file"]');
  var select = form.querySelector('select[name="item"]');
  var place = form.querySelector('input[name="keeps_place"]');
  var queueList = form.querySelector('[data-queue]');
  var says = form.querySelector('[data-queue-says]');
  var rowTemplate = form.querySelector('[data-queue-row]');
  var say = form.dataset;
  var queue = [];
  var shown = [];
  var running = null;
  var wanted = null;

  /* -- small things ---------------------------------------------------------------------------------------------------- */

  function newKey() {
    var bytes = new Uint8Array(16);
    window.crypto.getRandomValues(bytes);
    bytes[6] = bytes[6] & 15 | 64;
    bytes[8] = bytes[8] & 63 | 128;
    var text = Array.prototype.map.call(bytes, function (byte) { return ('0' + byte.toString(16)).slice(-2); }).join('');
    return text.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  }

  var table = [];
  for (var n = 0; n < 256; n += 1) {
    var c = n;
    for (var bit = 0; bit < 8; bit += 1) { c = c & 1 ? c >>> 1 ^ 0xEDB88320 : c >>> 1; }
    table[n] = c >>> 0;
  }

  function read(blob) {
    return new Promise(function (resolve, reject) {
      var reader = new FileReader();
      reader.onload = function () { resolve(new Uint8Array(reader.result)); };
      reader.onerror = function () { reject(new Error('unreadable')); };
      reader.readAsArrayBuffer(blob);
    });
  }

  // What is continued after days must be the very same file; the server compares this with what arrived.
  function checksum(file, offset, crc) {
    if (offset >= file.size) { return Promise.resolve((crc ^ -1) >>> 0); }
    return read(file.slice(offset, offset + 4 * PIECE)).then(function (bytes) {
      for (var i = 0; i < bytes.length; i += 1) { crc = crc >>> 8 ^ table[(crc ^ bytes[i]) & 255]; }
      return checksum(file, offset + bytes.length, crc);
    });
  }

  function wait(seconds) {
    return new Promise(function (resolve) {
      var timer = setTimeout(go, seconds * 1000);
      document.addEventListener('portal:online', go);
      function go() { clearTimeout(timer); document.removeEventListener('portal:online', go); resolve(); }
    });
  }

  /* -- one file in the queue ------------------------------------------------------------------------------------------- */

  function Sending(file, item, keepsPlace) {
    var self = this;
    this.file = file;
    this.item = item;
    this.keepsPlace = keepsPlace;
    this.key = newKey();
    this.url = '';
    this.crc = null;
    this.piece = PIECE;
    this.failures = 0;
    this.over = false;
    this.row = document.importNode(rowTemplate.content, true).firstElementChild;
    this.part('name').textContent = file.name;
    this.part('cancel').addEventListener('click', function () { self.cancel(); });
    this.part('retry').addEventListener('click', function () { self.again(); });
    this.part('close').addEventListener('click', function () { self.leave(); });
    shown.push(this);
    this.stand();
    this.show('queued', say.queued);
  }

  Sending.prototype.part = function (name) { return this.row.querySelector('[data-row-' + name + ']'); };

  // Under the item it is for, where the eye is; the list is put anew when a file has arrived.
  Sending.prototype.stand = function () {
    var slot = document.getElementById('berkas-' + this.item);
    var list = slot && slot.querySelector('.slot-files');
    if (slot && !list) {
      list = document.createElement('ul');
      list.className = 'slot-files';
      slot.appendChild(list);
    }
    var folded = slot && slot.closest('details');
    if (folded) { folded.open = true; }
    (list || queueList).appendChild(this.row);
  };

  Sending.prototype.leave = function () {
    shown = shown.filter(function (other) { return other !== this; }, this);
    this.row.remove();
  };

  Sending.prototype.show = function (state, text) {
    var ended = state === 'refused' || state === 'done' || state === 'cancelled';
    if (state !== this.state) {
      says.textContent = this.file.name + ': ' + text;
      this.state = state;
    }
    if (this.part('state').textContent !== text) { this.part('state').textContent = text; }
    this.row.classList.toggle('is-refused', state === 'refused');
    this.row.classList.toggle('is-done', state === 'done');
    this.part('bar').hidden = ended;
    this.part('cancel').hidden = ended;
    this.part('close').hidden = !ended;
    this.part('retry').hidden = state !== 'refused' && state !== 'waiting';
  };

  Sending.prototype.progress = function (received) {
    var percent = Math.floor(100 * received / this.file.size);
    this.part('bar').value = percent;
    this.show('sending', say.sending + ' ' + percent + ' %');
  };

  Sending.prototype.refuse = function (sentence) {
    this.over = true;
    this.show('refused', sentence);
  };

  Sending.prototype.cancel = function () {
    this.over = true;
    this.show('cancelled', say.cancelled);
    queue = queue.filter(function (other) { return other !== this; }, this);
    if (this.url) { portal.fetch(this.url + 'batal/', { method: 'POST' }).then(refresh, function () { /* the sweep forgets it too */ }); }
  };

  Sending.prototype.again = function () {
    if (this.wake) { this.wake(); return; }
    this.over = false;
    this.failures = 0;
    this.url = '';
    this.key = newKey();
    this.show('queued', say.queued);
    queue.push(this);
    next();
  };

  // Wrong before a byte is sent: the person on a bad link learns it at once.
  Sending.prototype.wrong = function () {
    if (!/\.(pdf|jpe?g|jpe|png|xlsx|docx)$/i.test(this.file.name)) { return say.wrongKind; }
    if (!this.file.size) { return say.empty; }
    return this.file.size > Number(say.largest) ? say.tooLarge : '';
  };

  Sending.prototype.run = function () {
    var self = this;
    var sentence = this.wrong();
    if (sentence) { this.refuse(sentence); return Promise.resolve(); }
    this.show('sending', say.sending);
    return (this.crc === null ? checksum(this.file, 0, -1) : Promise.resolve(this.crc)).then(function (crc) {
      self.crc = crc;
      return self.begin();
    }, function () { self.refuse(say.unreadable); });
  };

  Sending.prototype.begin = function () {
    var body = new FormData();
    body.append('key', this.key);
    body.append('name', this.file.name);
    body.append('size', this.file.size);
    body.append('crc32', this.crc);
    body.append('item', this.item);
    if (this.keepsPlace) { body.append('keeps_place', '1'); }
    return this.ask(say.begin, { method: 'POST', body: body }, this.begin);
  };

  Sending.prototype.send = function (received) {
    var self = this;
    var url = this.url + '?dari=' + received;
    if (received >= this.file.size) { this.show('sending', say.checking); }
    // Read first: a file that was deleted or changed meanwhile is not taken for a lost link.
    return read(this.file.slice(received, received + this.piece)).then(function (bytes) {
      return self.ask(url, {
        method: 'POST', body: bytes, seconds: 120, headers: { 'Content-Type': 'application/octet-stream' }
      }, function () { return self.send(received); });
    }, function () { self.refuse(say.unreadable); });
  };

  // Ask until there is an answer; `repeat` asks the same again.
  Sending.prototype.ask = function (url, options, repeat) {
    var self = this;
    if (this.over) { return Promise.resolve(); }
    return portal.fetch(url, options).then(function (response) {
      if (response.ok) { return response.json().then(function (answer) { return self.heard(answer); }); }
      if (response.status === 404 && url !== say.begin && !self.swept) { self.swept = true; self.key = newKey(); return self.begin(); }
      if (response.status >= 500 || response.status === 429 || response.status === 408) { return self.later(repeat); }
      return response.text().then(function (text) {
        var plain = (response.headers.get('Content-Type') || '').indexOf('text/plain') === 0;
        self.refuse(plain && text.length < 600 ? text : portal.phrases.missing);
      });
    }, function () { return self.later(repeat); });
  };

  Sending.prototype.heard = function (answer) {
    this.failures = 0;
    if (this.over) { return null; }
    this.url = answer.url;
    hideUnfinished(answer.url);
    if (answer.done) {
      this.over = true;
      this.show('done', say.done);
      return refresh();
    }
    this.progress(answer.received);
    return this.send(answer.received);
  };

  Sending.prototype.later = function (repeat) {
    var self = this;
    if (this.over) { return Promise.resolve(); }
    this.failures += 1;
    this.piece = Math.max(SMALLEST, this.piece / 2);
    this.show('waiting', say.waiting);
    return new Promise(function (resolve) {
      self.wake = resolve;
      wait(Math.min(30, Math.pow(2, this.failures))).then(resolve);
    }.bind(this)).then(function () {
      self.wake = null;
      return self.over ? null : repeat.call(self);
    });
  };

  /* -- the queue ---------------------------------------------------------------------------------------------------------- */

  function next() {
    if (running || !queue.length) { return; }
    running = queue.shift();
    running.run().then(ended, ended);
  }

  function ended(error) {
    if (error) { running.refuse(portal.phrases.broken); }
    running = null;
    next();
  }

  function add(files, item, keepsPlace) {
    Array.prototype.forEach.call(files, function (file) { queue.push(new Sending(file, item, keepsPlace)); });
    next();
  }

  // The list says again what is there and what is missing.
  function refresh() {
    return portal.fetch(panel.getAttribute('data-attachments')).then(function (response) {
      return response.ok ? response.text() : '';
    }).then(function (html) {
      var old = document.getElementById('daftar-lampiran');
      var fresh = html && new DOMParser().parseFromString(html, 'text/html').getElementById('daftar-lampiran');
      if (!old || !fresh) { return; }
      fresh = document.importNode(fresh, true);
      old.parentNode.replaceChild(fresh, old);
      shown.forEach(function (one) { if (one.state === 'done') { one.leave(); } else { one.stand(); } });
      window.htmx.process(fresh);
      prepare();
      portal.emit('attachments');
    }, function () { /* the file is there; the list shows it with the next look */ });
  }

  // A file that is just being sent is not shown as left behind as well.
  function hideUnfinished(url) {
    panel.querySelectorAll('[data-unfinished]').forEach(function (row) {
      if (url.indexOf(row.getAttribute('data-unfinished')) >= 0) { row.remove(); }
    });
    var list = panel.querySelector('[data-unfinished-list]');
    if (list && !list.querySelector('[data-unfinished]')) { list.remove(); }
  }

  function prepare() {
    panel.querySelectorAll('[data-continue]').forEach(function (button) { button.hidden = false; });
    if (running && running.url) { hideUnfinished(running.url); }
  }

  function pick(item) {
    select.value = item;
    input.click();
  }

  function sentByForm(files, item, keepsPlace) {
    add(files, item, keepsPlace);
    input.value = '';
  }

  form.addEventListener('submit', function (event) {
    event.preventDefault();
    if (input.files.length) { sentByForm(input.files, select.value, place.checked); }
  });

  input.addEventListener('change', function () {
    var left = wanted;
    wanted = null;
    if (!input.files.length) { return; }
    if (left && (input.files.length > 1 || input.files[0].name !== left.name || input.files[0].size !== left.size)) {
      input.value = '';
      portal.toast({ text: say.otherFile, tone: 'warning' });
      return;
    }
    sentByForm(input.files, left ? left.item : select.value, left ? left.keepsPlace : place.checked);
  });

  panel.addEventListener('click', function (event) {
    var link = event.target.closest('[data-pick]');
    var left = event.target.closest('[data-continue]');
    if (link) {
      event.preventDefault();
      wanted = null;
      pick(link.getAttribute('data-pick'));
    }
    if (left) {
      var row = left.closest('[data-unfinished]');
      wanted = {
        name: row.getAttribute('data-name'), size: Number(row.getAttribute('data-size')),
        item: row.getAttribute('data-item'), keepsPlace: row.hasAttribute('data-keeps-place')
      };
      pick(wanted.item);
    }
  });

  document.addEventListener('htmx:afterSwap', function () {
    shown.forEach(function (one) { if (!document.contains(one.row)) { one.stand(); } });
    prepare();
  });

  /* -- drag and drop ------------------------------------------------------------------------------------------------------- */

  var over = null;

  function mark(target) {
    if (over === target) { return; }
    if (over) { over.classList.remove('is-over'); }
    over = target;
    if (over) { over.classList.add('is-over'); }
  }

  function carriesFiles(event) {
    return event.dataTransfer && Array.prototype.indexOf.call(event.dataTransfer.types, 'Files') >= 0;
  }

  ['dragover', 'drop'].forEach(function (name) {
    document.addEventListener(name, function (event) {
      if (!carriesFiles(event)) { return; }
      event.preventDefault();  // a file dropped beside the list would replace the page
      var inside = panel.contains(event.target);
      var slot = inside && event.target.closest('.slot');
      mark(name === 'dragover' && inside ? slot || form : null);
      if (name === 'drop' && inside) { add(event.dataTransfer.files, slot ? slot.getAttribute('data-item') : select.value, place.checked); }
    });
  });
  document.addEventListener('dragleave', function (event) { if (!event.relatedTarget) { mark(null); } });

  form.querySelectorAll('.upload-drag').forEach(function (words) { words.hidden = false; });
  form.querySelector('[data-upload-send]').hidden = true;  // what is chosen is sent at once
  input.required = false;
  prepare();
})();
