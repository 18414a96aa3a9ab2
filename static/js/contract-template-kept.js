/* A version that cannot be written any more: shows what this device still holds for it and never sent. */
(function () {
  'use strict';

  var panel = document.querySelector('[data-wording-unsent]');
  if (!panel || !window.portal || !window.portal.showUnsent) { return; }
  var labels = JSON.parse(document.getElementById('proposal-labels').textContent);
  var saver = window.portal.saver({ store: 'templat:' + panel.getAttribute('data-wording-unsent') });
  window.portal.showUnsent(panel, saver, function (key) { return labels[key] || ''; });
})();
