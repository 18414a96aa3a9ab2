/* Rows from Excel: a paste with several cells anywhere in the RAB opens the dialog, the server says how it reads them. */
(function () {
  'use strict';

  var portal = window.portal;
  var costs = portal.costs;
  var dialog = document.getElementById('paste-dialog');
  if (!costs || !dialog || !dialog.showModal) { return; }

  function form() { return dialog.querySelector('[data-paste]'); }

  function send() {
    var button = form().querySelector('button:not([type]):not([name])');
    button.click();
  }

  function open(text) {
    if (!dialog.open) { dialog.showModal(); }
    var area = form().elements.text;
    if (text) { area.value = text; send(); } else { area.focus(); }
  }

  costs.root.querySelector('[data-paste-open]').addEventListener('click', function (event) { event.preventDefault(); open(''); });

  // One cell is typed into its field as ever; several are rows.
  costs.lines.list.parentNode.addEventListener('paste', function (event) {
    var text = (event.clipboardData && event.clipboardData.getData('text/plain')) || '';
    if (!/\t/.test(text) && text.trim().split('\n').length < 2) { return; }
    event.preventDefault();
    open(text);
  });

  dialog.addEventListener('click', function (event) {
    if (event.target.closest('[data-paste-close]')) { dialog.close(); }
  });
  dialog.addEventListener('paste', function (event) {
    if (event.target === form().elements.text && !form().elements.text.value) { setTimeout(send, 0); }
  });
  dialog.addEventListener('change', function (event) {
    if (event.target.tagName === 'SELECT' && form().elements.text.value.trim()) { send(); }
  });

  function clear() {
    form().elements.key.value = portal.uuid();
    form().elements.text.value = '';
    var preview = form().querySelector('[data-slot="preview"]');
    if (preview) { preview.remove(); }
    form().querySelectorAll('.invalid-feedback, [name="take"]').forEach(function (node) { node.remove(); });
  }

  // The rows that were stored come as they would have been with the page.
  document.addEventListener('htmx:afterSwap', function (event) {
    if (event.detail.target !== costs.lines.list) {
      var preview = dialog.open && form().querySelector('[data-slot="preview"]');
      if (preview && event.detail.target.id === 'paste-form') { preview.focus(); }
      return;
    }
    var known = costs.lines.all.map(function (row) { return row.el; });
    var fresh = Array.prototype.filter.call(costs.lines.list.children, function (element) { return known.indexOf(element) < 0; });
    fresh.forEach(function (element) { costs.lines.adopt(element); });
    costs.lines.changed();
    clear();
    dialog.close();
    portal.toast({ text: costs.phrases.pasted.replace('%s', fresh.length), tone: 'success' });
    costs.lines.focus(costs.lines.of(fresh[0]));
  });
})();
