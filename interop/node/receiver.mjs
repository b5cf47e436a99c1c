// A receiver of webhooks as its author would write it with Standard Webhooks' own library, which knows secrets (`v1`) alone;
// one that knows only a public key (`v1a`) verifies with what Node itself has of Ed25519, by the text of the specification.
// Deliveries come in as JSON on standard input, a verdict a line goes out.
//   in   {"exhibits": [{"name": "…", "key": "whsec_… or whpk_…", "headers": {…}, "body": "…"}]}
import crypto from 'node:crypto';
import fs from 'node:fs';
import {Webhook} from 'standardwebhooks';

const {exhibits} = JSON.parse(fs.readFileSync(0, 'utf8'));

// Standard Webhooks 1.0, "Signature scheme": id.timestamp.payload is signed, and any signature that fits is enough.
function verifyAsymmetric(key, body, headers) {
  const x = Buffer.from(key.slice('whpk_'.length), 'base64').toString('base64url');
  const known = crypto.createPublicKey({format: 'jwk', key: {kty: 'OKP', crv: 'Ed25519', x}});
  const signed = Buffer.from(`${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`);
  const signatures = headers['webhook-signature'].split(' ').filter(each => each.startsWith('v1a,'));
  if(!signatures.some(each => crypto.verify(null, signed, known, Buffer.from(each.slice('v1a,'.length), 'base64')))) {
    throw new Error('No matching signature found');
  }
}

for(const {name, key, headers, body} of exhibits) {
  let found = {accepted: true, said: ''};
  try {
    if(key.startsWith('whpk_')) {
      verifyAsymmetric(key, body, headers);
    } else {
      new Webhook(key).verify(body, headers);
    }
  } catch(e) {
    found = {accepted: false, said: e.message};
  }
  process.stdout.write(JSON.stringify({name, ...found}) + '\n');
}
