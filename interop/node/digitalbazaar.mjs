// @digitalbazaar/vc with data-integrity, eddsa-rdfc-2022 and bitstring status lists, and jsonld.js in safe mode.
import * as vc from '@digitalbazaar/vc';
import jsonld from 'jsonld';
import {DataIntegrityProof} from '@digitalbazaar/data-integrity';
import {cryptosuite} from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import {checkStatus} from '@digitalbazaar/vc-bitstring-status-list';
import {documentLoader} from './documents.mjs';
import {accepted, judge, rejected, worded} from './judging.mjs';

const suite = new DataIntegrityProof({cryptosuite});
const WORDS = {
  'status-unknown': /BitstringStatusListCredential|status list/i,
  expired: /is after "validUntil"/,
  'not-yet': /is before "validFrom"/,
  issuer: /issuer|controller|authoriz|verification method/i,
  signature: /signature|proof/i,
};
const cause = error => [error?.message, ...(error?.errors ?? []).map(cause), error?.cause && cause(error.cause)]
  .filter(Boolean).join(' | ');

async function signed(credential) {
  const result = await vc.verifyCredential({credential: structuredClone(credential), suite, documentLoader,
    checkStatus: options => checkStatus({...options, verifyBitstringStatusListCredential: true})});
  if(!result.verified) {
    const said = cause(result.statusResult?.error) || cause(result.error);
    return rejected(result.statusResult ? 'status-unknown' : worded(WORDS, said), said);
  }
  // it answers `verified` for a revoked credential too: the bit is in `status`
  const set = (result.statusResult?.results ?? []).filter(entry => entry.status !== false);
  const words = {revocation: 'revoked', suspension: 'suspended'};
  return set.length ? rejected(set.map(entry => words[entry.credentialStatus.statusPurpose] ?? 'other'),
    JSON.stringify(set)) : accepted();
}

// Every term and type is defined by the contexts: nothing was left out of what the signature covers.
async function defined({proof, ...unsecured}) {
  const quads = await jsonld.canonize(unsecured, {algorithm: 'RDFC-1.0', format: 'application/n-quads', safe: true,
    documentLoader});
  if(!quads) {
    throw new Error('nothing is said');
  }
}

await judge(async (exhibit, bytes) => {
  const credential = JSON.parse(bytes);
  try {
    await defined(credential);
  } catch(e) {
    return rejected('undefined-term', JSON.stringify(e.details ?? e.message));
  }
  return signed(credential);
});
