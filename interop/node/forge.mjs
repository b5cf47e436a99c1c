// A stranger with good tools: signs other people's badges with keys of their own.
//   in   {"exhibits": [{"name", "way": "stranger" | "impostor" | "stranger-own", "form": "json" | "jwt" | "ob2.jws", "text"}]}
//   out  {"<name>": "<signed text>", …, "key": "<the stranger's CryptographicKey document>"}
import crypto from 'node:crypto';
import fs from 'node:fs';
import * as Ed25519Multikey from '@digitalbazaar/ed25519-multikey';
import * as vc from '@digitalbazaar/vc';
import {DataIntegrityProof} from '@digitalbazaar/data-integrity';
import {cryptosuite} from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import {CompactSign, decodeProtectedHeader, exportJWK, generateKeyPair, importJWK} from 'jose';
import {documentLoader} from './documents.mjs';

const KEY_URL = 'https://stranger.example/key';
const seed = crypto.randomBytes(32);
const ed25519 = await Ed25519Multikey.generate({seed});
const did = `did:key:${ed25519.publicKeyMultibase}`;
const kid = `${did}#${ed25519.publicKeyMultibase}`;
const keys = {
  EdDSA: await importJWK({...await Ed25519Multikey.toJwk({keyPair: ed25519}), d: seed.toString('base64url')}, 'EdDSA'),
  ES256: await generateKeyPair('ES256', {extractable: true}),
  RS256: crypto.generateKeyPairSync('rsa', {modulusLength: 2048}),
};
const secret = alg => keys[alg].privateKey ?? keys[alg];

// In their own name the stranger has no status list.
function inOwnName({issuer, credentialStatus, ...credential}) {
  return {...credential, issuer: {...issuer, id: did, name: 'A stranger'}};
}

async function embedded(way, text) {
  const {proof, ...signed} = JSON.parse(text);
  const credential = way === 'stranger-own' ? inOwnName(signed) : signed;
  const id = way === 'impostor' ? [proof].flat()[0].verificationMethod : kid;
  Object.assign(ed25519, {id, controller: id.split('#')[0]});
  const suite = new DataIntegrityProof({signer: ed25519.signer(), cryptosuite});
  const issued = await vc.issue({credential, suite, documentLoader});
  return JSON.stringify({...issued, proof: [issued.proof].flat()});
}

async function jws(payload, header) {
  return new CompactSign(Buffer.from(JSON.stringify(payload))).setProtectedHeader(header).sign(secret(header.alg));
}

async function enveloped(way, token) {
  const payload = JSON.parse(Buffer.from(token.split('.')[1], 'base64url'));
  const header = decodeProtectedHeader(token);
  if(way === 'stranger-own') {
    return jws({...inOwnName(payload), iss: did}, {alg: 'EdDSA', kid});
  }
  if(way === 'impostor') {
    return jws(payload, header);
  }
  const own = header.jwk ? {jwk: await exportJWK(keys[header.alg].publicKey)} : {kid};
  return jws(payload, {...header, ...own});
}

async function openBadges2(way, token) {
  const payload = JSON.parse(Buffer.from(token.split('.')[1], 'base64url'));
  const creator = way === 'stranger' ? KEY_URL : payload.verification.creator;
  return jws({...payload, verification: {...payload.verification, creator}}, {alg: 'RS256'});
}

const sign = {json: embedded, jwt: enveloped, 'ob2.jws': openBadges2};
const out = {};
for(const {name, way, form, text} of JSON.parse(fs.readFileSync(0, 'utf8')).exhibits) {
  out[name] = await sign[form](way, text.trim());
}
out.key = JSON.stringify({'@context': 'https://w3id.org/openbadges/v2', type: 'CryptographicKey', id: KEY_URL,
  owner: 'https://stranger.example/issuer', publicKeyPem: keys.RS256.publicKey.export({type: 'spki', format: 'pem'})});
process.stdout.write(JSON.stringify(out));
