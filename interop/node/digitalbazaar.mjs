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
  challenge: /challenge is not as expected|domain is not as expected/,
  'status-unknown': /BitstringStatusListCredential|status list/i,
  expired: /is after "validUntil"/,
  'not-yet': /is before "validFrom"/,
  issuer: /issuer|controller|authoriz|verification method/i,
  signature: /signature|proof/i,
};
const cause = error => [error?.message, ...(error?.errors ?? []).map(cause), error?.cause && cause(error.cause)]
  .filter(Boolean).join(' | ');

const checkEveryStatus = options => checkStatus({...options, verifyBitstringStatusListCredential: true});

// A presentation with what is in it; unsigned, where nobody asked for it with a challenge.
async function presented(presentation, {challenge, domain}) {
  const result = await vc.verify({presentation: structuredClone(presentation), suite, documentLoader, challenge, domain,
    checkStatus: checkEveryStatus, unsignedPresentation: !presentation.proof});
  if(result.verified) {
    return accepted();
  }
  const inside = (result.credentialResults ?? []).filter(each => !each.verified).map(each => each.error);
  const said = [result.error, result.presentationResult?.error, ...inside].map(cause).join(' | ');
  return rejected(worded(WORDS, said), said);
}

// A learner record vouches for the collection: the credentials in it are verified one by one.
async function recorded(record) {
  for(const credential of [record, ...record.credentialSubject.verifiableCredential]) {
    const found = await signed(credential);
    if(!found.accepted) {
      return found;
    }
  }
  return accepted();
}

async function signed(credential) {
  const result = await vc.verifyCredential({credential: structuredClone(credential), suite, documentLoader,
    checkStatus: checkEveryStatus});
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
  return exhibit.form === 'vp' ? presented(credential, exhibit) :
    exhibit.form === 'clr' ? recorded(credential) : signed(credential);
});
