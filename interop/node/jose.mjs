// jose on VC-JWTs, what they pin, and what is signed of participation: only a key that the issuer's own DID document lists under assertionMethod may have signed.
import {createHash} from 'node:crypto';
import * as Ed25519Multikey from '@digitalbazaar/ed25519-multikey';
import {Bitstring} from '@digitalbazaar/bitstring';
import {calculateJwkThumbprint, decodeJwt, decodeProtectedHeader, importJWK, jwtVerify} from 'jose';
import {fetched, resolve} from './documents.mjs';
import {accepted, judge, rejected, worded} from './judging.mjs';

const PARTICIPATION = {typ: 'participation+jwt'};
const WORDS = {
  expired: /"exp" claim/,
  'not-yet': /"nbf" claim/,
  issuer: /lists no such key/,
  signature: /signature verification failed/,
};

async function jwkOf(method) {
  return method.publicKeyJwk ?? Ed25519Multikey.toJwk({keyPair: await Ed25519Multikey.from(method)});
}

async function keysOf(issuer) {
  const document = await resolve(issuer);
  const may = (document.assertionMethod ?? []).map(m => m.id ?? m);
  const methods = [...(document.verificationMethod ?? []), ...(document.assertionMethod ?? [])]
    .filter(m => may.includes(m.id));
  return Promise.all(methods.map(async m => ({...await jwkOf(m), kid: m.id})));
}

// The signature, made by one of `issuer`'s keys: the one named by `kid`, or the one equal to the header's `jwk`.
async function verified(token, issuer, more = {}) {
  const {alg, kid, jwk} = decodeProtectedHeader(token);
  const print = jwk && await calculateJwkThumbprint(jwk);
  for(const key of await keysOf(issuer)) {
    if(kid ? key.kid === kid : await calculateJwkThumbprint(key) === print) {
      return jwtVerify(token, await importJWK(key, alg), {algorithms: ['ES256', 'EdDSA', 'Ed25519', 'RS256'], ...more});
    }
  }
  throw new Error(`${issuer} lists no such key`);
}

const seconds = time => (time === undefined ? undefined : Math.floor(Date.parse(time) / 1000));

// OB 3.0 §8.2.4.1: the registered claims say what the credential says.
function claimsThatDiffer(payload) {
  const due = {iss: payload.issuer?.id ?? payload.issuer, jti: payload.id, sub: payload.credentialSubject?.id,
    nbf: seconds(payload.validFrom), exp: seconds(payload.validUntil)};
  return Object.keys(due).filter(claim => payload[claim] !== due[claim]);
}

async function bitOf(entry, issuer) {
  const token = await fetched(entry.statusListCredential, 'application/vc+jwt, application/jwt, text/plain');
  const {payload: list} = await verified(token, issuer);
  const {encodedList, statusPurpose} = list.credentialSubject;
  if((list.issuer?.id ?? list.issuer) !== issuer || statusPurpose !== entry.statusPurpose || encodedList[0] !== 'u') {
    throw new Error('the list is another issuer\'s, for another purpose, or not multibase');
  }
  const bits = new Bitstring({buffer: await Bitstring.decodeBits({encoded: encodedList.slice(1)})});
  if(bits.length < 131072) {
    throw new Error(`a list of only ${bits.length} entries`);
  }
  return bits.get(Number(entry.statusListIndex));
}

// The key set at `url` holds the key; which one it is, only the signature tells.
async function verifiedWithKeySet(token, url) {
  const {alg} = decodeProtectedHeader(token);
  const {keys} = JSON.parse(await fetched(url, 'application/jwk-set+json, application/json'));
  const failures = [];
  for(const key of keys.filter(key => key.alg === undefined || key.alg === alg)) {
    try {
      return await jwtVerify(token, await importJWK(key, alg));
    } catch(e) {
      failures.push(e.message);
    }
  }
  throw new Error(failures.join('; ') || `no key for ${alg} in ${url}`);
}

// What is found where the badge says has the digest that it names (VC Data Model 2.0 §5.3), and is its issuer's, for it,
// where that is signed alone.
async function looksAt({id, digestMultibase, mediaType}, badge) {
  const body = await fetched(id, `${mediaType ?? 'application/json'}, */*;q=0.1`);
  const multihash = Buffer.concat([Buffer.from([0x12, 0x20]), createHash('sha256').update(body).digest()]);
  if(digestMultibase !== `u${multihash.toString('base64url')}`) {
    throw new Error(`${id} is not what the badge pins`);
  }
  if(mediaType === 'application/jwt') {
    const {payload} = await verified(body, badge.iss, PARTICIPATION);
    if(payload.badge !== badge.jti || payload.jti !== id) {
      throw new Error(`${id} was made for another badge`);
    }
  }
}

await judge(async ({form, url}, bytes) => {
  const token = bytes.toString('utf8').trim();
  if(form === 'participation') {
    try {
      await verified(token, decodeJwt(token).iss, PARTICIPATION);
      return accepted();
    } catch(e) {
      return rejected(worded(WORDS, e.message), e.message);
    }
  }
  let payload;
  try {
    ({payload} = form === 'jwks' ? await verifiedWithKeySet(token, url) : await verified(token, decodeJwt(token).iss));
  } catch(e) {
    return rejected(worded(WORDS, e.message), e.message);
  }
  const differ = claimsThatDiffer(payload);
  if(differ.length) {
    return rejected('claims', differ);
  }
  for(const pinned of [payload.relatedResource ?? []].flat()) {
    try {
      await looksAt(pinned, payload);
    } catch(e) {
      return rejected('evidence', e.message);
    }
  }
  const entry = payload.credentialStatus;
  if(entry) {
    try {
      if(await bitOf(entry, payload.iss)) {
        return rejected(entry.statusPurpose === 'suspension' ? 'suspended' : 'revoked', JSON.stringify(entry));
      }
    } catch(e) {
      return rejected('status-unknown', e.message);
    }
  }
  return accepted();
});
