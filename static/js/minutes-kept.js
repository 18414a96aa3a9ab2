/* Minutes that are locked: shows what this device still holds for them and never sent, to copy or to throw away. */
(function () {
  'use strict';

  var panel = document.querySelector('[data-kept-here]');
  if (!panel || !window.portal) { return; }
  var prefix = 'notula:' + window.portal.userId + ':' + panel.getAttribute('data-kept-here') + ':';
  var pattern = panel.querySelector('template').content.firstElementChild;
  var names = [];
  try {
    for (var n = 0; n < localStorage.length; n++) { if (localStorage.key(n).indexOf(prefix) === 0) { names.push(localStorage.key(n)); } }
  } catch (error) { return; /* storage is switched off: nothing was kept */ }

  names.forEach(function (name, number) {
    var words = JSON.parse(localStorage.getItem(name)).words || {};
    var text = [words.speaker, words.institution].filter(Boolean).concat(words.text, words.response).filter(Boolean).join('\n');
    if (!text) { return; }
    var item = pattern.cloneNode(true);
    var area = item.querySelector('textarea');
    area.id = 'kept-' + number;
    area.value = text;
    item.querySelector('label').htmlFor = area.id;
    item.querySelector('[data-copy]').setAttribute('data-copy', '#' + area.id);
    item.querySelector('[data-drop]').addEventListener('click', function () {
      localStorage.removeItem(name);
      item.remove();
      panel.hidden = !panel.querySelector('textarea');
    });
    panel.querySelector('.panel-body').appendChild(item);
    panel.hidden = false;
  });
})();
