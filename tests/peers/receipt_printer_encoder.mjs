// Labels by @point-of-sale/receipt-printer-encoder: task and answer as in python_escpos.py.
//
// usage: node receipt_printer_encoder.mjs FOLDER < TASK, the folder being where it is installed
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

const require = createRequire(resolve(process.argv[2], 'package.json'));
const Encoder = require('@point-of-sale/receipt-printer-encoder');

const PAGES = { cp437: 'cp437', 'windows-1252': 'windows1252' };
const PLAIN = { large: false, bold: false };

// What is on already is not told again; plain again at the end.
function write(encoder, lines) {
  let before = PLAIN;
  for (const line of [...lines, PLAIN]) {
    const times = line.large ? 2 : 1;
    if (line.bold !== before.bold) encoder.bold(line.bold);
    if (line.large !== before.large) encoder.width(times).height(times);
    if (line.page) encoder.codepage(PAGES[line.page]);
    if (line !== PLAIN) encoder.line(line.text);
    before = line;
  }
}

function encode(label) {
  const encoder = new Encoder({ printerModel: label.printer.npm });
  encoder.initialize().align('center');
  write(encoder, label.above);
  encoder.newline(label.white);
  encoder.qrcode(label.link, { model: 2, size: label.module, errorlevel: 'm' });
  encoder.newline(label.white);
  write(encoder, label.below);
  return encoder.cut('partial').encode();
}

const { labels, rounds } = JSON.parse(readFileSync(0, 'utf8'));
const bodies = labels.map((label) => Buffer.from(encode(label)).toString('hex'));
let fastest = Infinity;
for (let round = 0; round < rounds; round += 1) {
  const began = performance.now();
  labels.forEach(encode);
  fastest = Math.min(fastest, performance.now() - began);
}
const micros = rounds ? (fastest * 1e3) / labels.length : null;
process.stdout.write(JSON.stringify({ bodies, micros }));
