// A receiver of webhooks as its author would write it with Standard Webhooks' own library: deliveries come in as JSON on
// standard input, a verdict a line goes out.
//   in   {"exhibits": [{"name": "…", "secret": "whsec_…", "headers": {…}, "body": "…"}]}
import fs from 'node:fs';
import {Webhook} from 'standardwebhooks';

const {exhibits} = JSON.parse(fs.readFileSync(0, 'utf8'));
for(const {name, secret, headers, body} of exhibits) {
  let found = {accepted: true, said: ''};
  try {
    new Webhook(secret).verify(body, headers);
  } catch(e) {
    found = {accepted: false, said: e.message};
  }
  process.stdout.write(JSON.stringify({name, ...found}) + '\n');
}
