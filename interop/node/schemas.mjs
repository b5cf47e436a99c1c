// The JSON Schemas of 1EdTech, compiled by ajv: of CLR 2.0, given first, and of OB 3.0, in whatever flavours follow.
import fs from 'node:fs';
import addFormats from 'ajv-formats';
import {Ajv2019} from 'ajv/dist/2019.js';
import {decodeJwt} from 'jose';
import {accepted, judge, rejected} from './judging.mjs';

const ajv = new Ajv2019({allErrors: true, strict: false});
addFormats.default(ajv);
const [learnerRecord, ...flavours] = process.argv.slice(2).map(file => {
  const {$id, ...schema} = JSON.parse(fs.readFileSync(file)); // every $ref stays inside the file
  return ajv.compile(schema);
});

function credentialOf(form, text) {
  if(form !== 'jwt') {
    return JSON.parse(text);
  }
  const {iss, sub, jti, nbf, exp, iat, ...credential} = decodeJwt(text);
  return credential;
}

await judge(async ({form}, bytes) => {
  const credential = credentialOf(form, bytes.toString('utf8').trim());
  const errors = (form === 'clr' ? [learnerRecord] : flavours).flatMap(validate => (validate(credential) ? [] : validate.errors));
  return errors.length ? rejected('schema', errors.map(e => `${e.instancePath} ${e.message}`).join('; ')) : accepted();
});
