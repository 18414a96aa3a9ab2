/* Numbers as people type them, read as programs/facts/quantities.py reads them (tests/data/quantities.json holds both).
   Money is BigInt, quantities are BigInt hundredths: sums stay exact. null: cannot be read. Works on Chrome 70. */
(function () {
  'use strict';

  var LARGEST = BigInt('1000000000000000');
  var LARGEST_QUANTITY = BigInt('99999999999999'); // hundredths
  var ZERO = BigInt(0);

  function oneLine(text) { return String(text === null || text === undefined ? '' : text).replace(/[\s\u00a0\u2007\u2009\u202f]+/g, ' ').trim(); }

  function scale(places) { return BigInt('1' + '0'.repeat(places)); }

  // {digits: BigInt, places: n} or null.
  function number(text) {
    if (text.replace(/[.,]/g, '').length > 18 || /^[1-9][0-9]{0,2},[0-9]{3}$/.test(text)) { return null; }
    if (/^[1-9][0-9]{0,2}(\.[0-9]{3})+(,[0-9]+)?$/.test(text)) { text = text.replace(/\./g, '').replace(',', '.'); }
    else if (/^[1-9][0-9]{0,2}(,[0-9]{3})+(\.[0-9]+)?$/.test(text)) { text = text.replace(/,/g, ''); }
    else if (/^[0-9]+([.,][0-9]+)?$/.test(text)) { text = text.replace(',', '.'); }
    else { return null; }
    var parts = text.split('.');
    return { digits: BigInt(parts[0] + (parts[1] || '')), places: (parts[1] || '').length };
  }

  function negative(text) { return /^[-−–(]/.test(text); }

  // The number with exactly so many places, or null when it has more.
  function exactly(found, places) {
    if (!found) { return null; }
    if (found.places <= places) { return found.digits * scale(places - found.places); }
    var divisor = scale(found.places - places);
    return found.digits % divisor === ZERO ? found.digits / divisor : null;
  }

  var UNIT = /^(?:[^\W\d_]|[\u00aa-\u024f\u0370-\u1fff\u2070-\u209f\u2150-\u218f\u3040-\ud7ff]|[ ./()&'-])*$/;

  function factor(part) {
    var found = /^([0-9][0-9.,]*) ?(.*)$/.exec(part);
    if (!found || negative(part) || /[.,]$/.test(found[1]) || found[2].toLowerCase() === 'x') { return null; }
    if (!UNIT.test(found[2].replace(/m[23](?![a-z])/gi, 'm')) || /[×÷]/.test(found[2])) { return null; }
    return number(found[1]);
  }

  // Hundredths of the product, null when the text is no quantity; an empty text is nothing.
  function quantity(text) {
    text = oneLine(text);
    if (!text) { return ZERO; }
    var parts = text.replace(/ ?[×✕∗*] ?/g, '\u0001').replace(/([0-9]) ?[xX] ?(?=[0-9])/g, '$1\u0001')
      .replace(/([^0-9 ]) [xX] ?(?=[0-9])/g, '$1\u0001').split('\u0001');
    if (text.length > 120 || parts.length > 8) { return null; }
    var product = { digits: BigInt(1), places: 0 };
    for (var n = 0; n < parts.length; n++) {
      var next = factor(parts[n].trim());
      if (!next) { return null; }
      product = { digits: product.digits * next.digits, places: product.places + next.places };
    }
    var hundredths = exactly(product, 2);
    return hundredths === null || hundredths > LARGEST_QUANTITY ? null : hundredths;
  }

  function rupiah(text) {
    text = oneLine(text).replace(/^(?:rp|idr)\.? ?/i, '').replace(/[,.]-$/, '').trim();
    if (text === '' || text === '-') { return ZERO; }
    if (negative(text)) { return null; }
    var thousand = /^([0-9]{1,3})[.,]([0-9]{3})$/.exec(text);
    var amount = thousand ? BigInt(thousand[1] + thousand[2]) : exactly(number(text), 0);
    return amount === null || amount > LARGEST ? null : amount;
  }

  // Rounded to whole rupiah, half up.
  function amount(hundredths, price) {
    if (hundredths === null || price === null) { return null; }
    var sum = (hundredths * price + BigInt(50)) / BigInt(100);
    return sum > LARGEST ? null : sum;
  }

  // Rupiah of "25%" of a total, or of an amount.
  function share(text, total) {
    text = oneLine(text);
    if (text.slice(-1) !== '%') { return rupiah(text); }
    var percent = exactly(number(text.slice(0, -1).trim()), 2);
    if (percent === null || percent > BigInt(10000)) { return null; }
    return (total * percent + BigInt(5000)) / BigInt(10000);
  }

  function written(value) {
    var sign = value < ZERO ? '-' : '';
    return sign + 'Rp' + String(value).replace('-', '').replace(/\B(?=(\d{3})+$)/g, '.');
  }

  window.portal.numbers = { quantity: quantity, rupiah: rupiah, amount: amount, share: share, written: written, zero: ZERO };
})();
