/* Texts of a proposal that this device still holds and the server did not take: to copy or to throw away. */
(function () {
  'use strict';

  var portal = window.portal;

  /* panel: programs/proposals/_unsent.html · labelOf(key): what the field is called, "" when nobody knows */
  portal.showUnsent = function (panel, saver, labelOf) {
    var list = panel.querySelector('[data-unsent-list]');
    var pattern = panel.querySelector('template').content.firstElementChild;
    list.textContent = '';
    saver.copies().forEach(function (copy, number) {
      var text = Object.keys(copy.values).filter(function (name) { return !/^base|^seen-|-sent$|^key$|_?version$/.test(name) && copy.values[name]; })
        .map(function (name) { return copy.values[name]; }).join('\n');
      if (!text || /^(tags$|pindah:|hapus:|kembali:)/.test(copy.key)) { return; }
      var item = pattern.cloneNode(true);
      var area = item.querySelector('textarea');
      area.id = 'belum-terkirim-' + number;
      area.value = text;
      var label = labelOf(copy.key) || copy.key;
      item.querySelector('[data-label]').textContent = label;
      area.setAttribute('aria-label', label);
      item.querySelector('[data-copy]').setAttribute('data-copy', '#' + area.id);
      item.querySelector('[data-drop]').addEventListener('click', function () {
        saver.drop(copy.key);
        item.remove();
        panel.hidden = !list.children.length;
      });
      list.appendChild(item);
    });
    panel.hidden = !list.children.length;
  };

  var panel = document.querySelector('[data-unsent-of]');
  if (!panel) { return; }
  var labels = JSON.parse(document.getElementById('proposal-labels').textContent);
  var saver = portal.saver({ store: 'usulan:' + panel.getAttribute('data-unsent-of') });
  portal.showUnsent(panel, saver, function (key) { return labels[key.split(':')[0]] || ''; });
})();
