// Another verdict: only the fields that belong to the chosen answer are shown. Without this script all are.
(function () {
  'use strict';
  var form = document.querySelector('.verdict-form');
  if (!form) { return; }
  function show() {
    var chosen = form.querySelector('input[name=decision]:checked');
    form.querySelectorAll('[data-when]').forEach(function (part) {
      part.hidden = !chosen || part.getAttribute('data-when') !== chosen.value;
    });
  }
  form.addEventListener('change', show);
  document.addEventListener('portal:restored', show);
  show();
}());
