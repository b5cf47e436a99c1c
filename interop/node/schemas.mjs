// The OB 3.0 JSON Schemas of 1EdTech, both flavours, compiled by ajv.
import fs from 'node:fs';
import addFormats from 'ajv-formats';
import {Ajv2019} from 'ajv/dist/2019.js';
import {decodeJwt} from 'jose';
import {accepted, judge, rejected} from './judging.mjs';

const ajv = new Ajv2019({allErrors: true, strict: false});
addFormats.default(ajv);
const flavours = process.argv.slice(2).map(file => {
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
  const errors = flavours.flatMap(validate => (validate(credential) ? [] : validate.errors));
  return errors.length ? rejected('schema', errors.map(e => `${e.instancePath} ${e.message}`).join('; ')) : accepted();
});
