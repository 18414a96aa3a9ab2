/* Shows what the province returned beside the field, cost line or file that it is about, in the regency's editor.
   The list itself (templates/programs/verification/_points.html) holds the words; without this script its links lead. */
(function () {
  'use strict';

  function clear() {
    [].forEach.call(document.querySelectorAll('.point-mark'), function (mark) { mark.parentNode.removeChild(mark); });
  }

  function show() {
    clear();
    [].forEach.call(document.querySelectorAll('[data-point-anchor]'), function (point) {
      var place = document.getElementById(point.getAttribute('data-point-anchor'));
      if (!place || point.hasAttribute('data-answered')) { return; }
      var mark = document.createElement('p');
      mark.className = 'point-mark';
      mark.textContent = point.getAttribute('data-point-words');
      var holder = place.tagName === 'TR' ? place.querySelector('th, td') : place;
      holder.appendChild(mark);
    });
  }

  document.addEventListener('htmx:afterSettle', show);
  show();
}());
