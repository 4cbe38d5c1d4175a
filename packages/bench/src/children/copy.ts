// node copy.js FROM TO: a plain copy through memory, so that no file system can share blocks instead.
import { closeSync, openSync, readSync, writeSync } from 'node:fs';

const [from = '', to = ''] = process.argv.slice(2);
const start = performance.now();
const [source, target] = [openSync(from, 'r'), openSync(to, 'w')];
const buffer = Buffer.allocUnsafe(1 << 20);
for (let read = readSync(source, buffer); read > 0; read = readSync(source, buffer)) {
  for (let at = 0; at < read; ) at += writeSync(target, buffer, at, read - at);
}
closeSync(source);
closeSync(target);
console.log(JSON.stringify({ seconds: (performance.now() - start) / 1000 }));
