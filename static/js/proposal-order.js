/* The order of priority: dragging by the grip, Alt+arrow keys. Without this file the arrow buttons are a plain form. */
(function () {
  'use strict';

  var sortableUrl = document.currentScript.getAttribute('data-sortable');

  // Sortable leaves styles on the rows; htmx would copy them as attributes, which the CSP forbids.
  window.htmx.config.attributesToSettle = ['class'];

  function table() { return document.querySelector('[data-order]'); }

  function send(rows) {
    var order = Array.prototype.map.call(rows.children, function (row) { return row.getAttribute('data-pk'); });
    window.htmx.ajax('POST', table().getAttribute('data-order'), { target: '#daftar', swap: 'outerHTML', values: { order: order } });
  }

  function makeSortable() {
    var rows = table() && table().querySelector('[data-rows]');
    if (!rows || rows.sortable || !window.Sortable) { return; }
    rows.sortable = window.Sortable.create(rows, {
      handle: '.grip',
      animation: 150,
      ghostClass: 'is-moving',
      forceFallback: true, // pointer events: the same by mouse and by finger
      onEnd: function (event) { if (event.oldIndex !== event.newIndex) { send(rows); } }
    });
  }

  // The library comes when a hand nears a grip: whoever orders by arrows never loads it.
  document.addEventListener('pointerover', function (event) {
    if (window.Sortable || !event.target.closest || !event.target.closest('.grip')) { return; }
    window.portal.loadScript(sortableUrl, makeSortable);
  });

  // A refused move (a sent proposal in the way, no link) leaves the list as the server knows it.
  function restore(event) {
    if (/\/urutan\/(\?|$)/.test(event.detail.pathInfo ? event.detail.pathInfo.requestPath : '') && document.getElementById('daftar')) {
      window.htmx.ajax('GET', location.pathname + location.search, { target: '#daftar', swap: 'outerHTML' });
    }
  }
  document.addEventListener('htmx:responseError', restore);

  document.addEventListener('keydown', function (event) {
    if (!event.altKey || (event.key !== 'ArrowUp' && event.key !== 'ArrowDown')) { return; }
    var row = event.target.closest && event.target.closest('[data-pk]');
    var button = row && row.querySelector('[name="step"][value="' + (event.key === 'ArrowUp' ? '-1' : '1') + '"]');
    if (!button) { return; }
    event.preventDefault();
    button.click();
  });

  document.addEventListener('ordered', function (event) {
    var place = event.detail && event.detail.focus && document.getElementById(event.detail.focus);
    if (place) { place.focus(); place.scrollIntoView({ block: 'nearest' }); }
  });

  document.addEventListener('htmx:load', makeSortable);
})();
