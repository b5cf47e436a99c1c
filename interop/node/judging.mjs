// The frame of every judge: exhibits come in as JSON on standard input, a verdict a line goes out.
//   in   {"exhibits": [{"name": "revoked.json", "form": "json", "file": "/…", "later": 0, …}]}
//   out  {"name": "revoked.json", "accepted": false, "reasons": ["revoked"], "said": "…"}
// `reasons` are words of interop/expected.py, taken from what the judge itself says; `said` is that, for people.
import fs from 'node:fs';
import {now} from './web.mjs';

export const accepted = () => ({accepted: true, reasons: [], said: ''});
export const rejected = (reasons, said) => ({accepted: false, reasons: [reasons].flat(), said: String(said).slice(0, 400)});

// The first word whose pattern the judge's message fits; `other` where none does, so that an unknown refusal is seen.
export const worded = (patterns, message) =>
  Object.entries(patterns).find(([, pattern]) => pattern.test(message))?.[0] ?? 'other';

console.log = console.error; // standard output is for verdicts; some libraries chat

export async function judge(verdict) {
  const {exhibits} = JSON.parse(fs.readFileSync(0, 'utf8'));
  for(const exhibit of exhibits) {
    now(exhibit);
    let found;
    try {
      found = await verdict(exhibit, fs.readFileSync(exhibit.file));
    } catch(e) {
      found = rejected('crash', e.stack);
    }
    process.stdout.write(JSON.stringify({name: exhibit.name, ...found}) + '\n');
  }
}
