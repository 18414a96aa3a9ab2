/* Many contracts at once: the numbers under the list follow the boxes, and one button ticks all of them or none. */
(function () {
  'use strict';

  function boxes() {
    return [].slice.call(document.querySelectorAll('[data-together] input[name="contract"]'));
  }

  function count() {
    var ticked = boxes().filter(function (box) { return box.checked; });
    [].forEach.call(document.querySelectorAll('[data-together] [data-ticked]'), function (place) {
      var register = place.getAttribute('data-ticked');
      place.textContent = String(ticked.filter(function (box) {
        return !register || box.getAttribute('data-register') === register;
      }).length);
    });
  }

  function begin() {
    [].forEach.call(document.querySelectorAll('[data-tick-all]'), function (button) { button.hidden = false; });
    count();
  }

  document.addEventListener('change', function (event) {
    if (event.target.name === 'contract') { count(); }
  });
  document.addEventListener('click', function (event) {
    if (!event.target.closest || !event.target.closest('[data-tick-all]')) { return; }
    var all = boxes().every(function (box) { return box.checked; });
    boxes().forEach(function (box) { box.checked = !all; });
    count();
  });
  document.addEventListener('htmx:afterSwap', begin);
  window.addEventListener('pageshow', begin);
  begin();
}());
