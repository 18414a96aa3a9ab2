// Compares a PDF with the paper of this page. Where the browser can hash (https or localhost), the file never leaves
// the device: only its sha256 is sent. Elsewhere the plain form uploads it and the server hashes it without storing it.
// A paper whose signatures are checked (data-examine) is sent whole.
(function () {
  'use strict';
  var form = document.querySelector('[data-compare]');
  if (!form) { return; }
  var input = form.querySelector('input[type=file]');
  var answer = document.getElementById('putusan');
  var canHash = window.crypto && window.crypto.subtle && window.fetch && Blob.prototype.arrayBuffer;

  function say(text) {
    answer.textContent = '';
    var line = document.createElement('p');
    line.className = 'mb-0';
    line.textContent = text;
    answer.appendChild(line);
  }

  function hex(buffer) {
    return Array.prototype.map.call(new Uint8Array(buffer), function (byte) {
      return ('0' + byte.toString(16)).slice(-2);
    }).join('');
  }

  function bodyOf(file) {
    var body = new FormData();
    if (form.hasAttribute('data-examine')) {
      body.append('berkas', file);
      return Promise.resolve(body);
    }
    return file.arrayBuffer()
      .then(function (bytes) { return window.crypto.subtle.digest('SHA-256', bytes); })
      .then(function (digest) {
        body.append('sha256', hex(digest));
        return body;
      });
  }

  function compare(file) {
    say(form.getAttribute('data-busy'));
    bodyOf(file)
      .then(function (body) {
        return fetch(window.location.href, { method: 'POST', body: body, headers: { 'X-Requested-With': 'fetch' } });
      })
      .then(function (response) {
        if (!response.ok) { throw new Error(String(response.status)); }
        return response.text();
      })
      .then(function (html) { answer.innerHTML = html; })
      .catch(function () { say(form.getAttribute('data-failed')); });
  }

  form.addEventListener('submit', function (event) {
    if (!canHash || !input.files.length) { return; }
    event.preventDefault();
    compare(input.files[0]);
  });

  ['dragover', 'drop'].forEach(function (name) {
    document.addEventListener(name, function (event) {
      if (!event.dataTransfer || Array.prototype.indexOf.call(event.dataTransfer.types, 'Files') < 0) { return; }
      event.preventDefault();
      if (name !== 'drop' || !event.dataTransfer.files.length) { return; }
      if (canHash) { compare(event.dataTransfer.files[0]); } else { input.files = event.dataTransfer.files; form.submit(); }
    });
  });
})();
