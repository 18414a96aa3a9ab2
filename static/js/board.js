/* The call board of the hall: asks every 5 seconds whether something changed; the answer is empty while nothing did.
   The screen stays signed in while it is shown: every ten minutes one of the questions counts as use. A 410 says in its own
   words that the screen is over; nothing of before stays on it. */
(function () {
  'use strict';

  var board = document.querySelector('[data-board]');
  var state = document.querySelector('[data-board-state]');
  var clock = document.querySelector('[data-clock]');
  var tag = '';
  var asked = 0;
  var EVERY = 5000;
  var USE = 120;

  function tick() { clock.textContent = window.portal.clock(); }

  function tell(sentence) { state.hidden = !sentence; state.textContent = sentence; }

  function ask() {
    if (document.hidden) { return Promise.resolve(); }
    asked += 1;
    var headers = { 'X-Requested-With': asked % USE ? 'poll' : 'fetch' };
    if (tag) { headers['If-None-Match'] = tag; }
    return fetch(board.getAttribute('data-url'), { headers: headers, credentials: 'same-origin', cache: 'no-store' }).then(function (response) {
      if (response.status === 401) { tell(board.getAttribute('data-ended')); return null; }
      if (response.status === 304) { tell(''); return null; }
      if (!response.ok && response.status !== 410) { throw new Error('status ' + response.status); }
      return response.text().then(function (html) {
        if (board.contains(document.activeElement)) { document.activeElement.blur(); }
        board.innerHTML = html;
        tag = response.headers.get('ETag') || '';
        tell('');
      });
    }).catch(function () { tell(board.getAttribute('data-lost')); });
  }

  function loop() { ask().then(function () { setTimeout(loop, EVERY); }); }

  tick();
  setInterval(tick, 10000);
  loop();
  document.addEventListener('visibilitychange', function () { if (!document.hidden) { ask(); } });
})();
