// @digitalcredentials/verifier-core: the verifier inside VerifierPlus and the Learner Credential Wallet. Images are read
// as those two read them: from the keyword on, braces are counted, strings included (VerifierPlus app/page.tsx, the
// wallet's app/lib/import.ts). The argument is the encoding: VerifierPlus takes a PNG for utf8, the wallet for latin1,
// one character a byte, since that is what react-native-base64 decodes to.
import {verifyCredential} from '@digitalcredentials/verifier-core';
import {accepted, judge, rejected} from './judging.mjs';

function objectAfterKeyword(text) {
  const start = text.indexOf('{', text.indexOf('openbadgecredential'));
  let depth = 0;
  let end = start;
  for(; end < text.length; end++) {
    depth += {'{': 1, '}': -1}[text[end]] ?? 0;
    if(depth === 0) {
      break;
    }
  }
  return JSON.parse(text.slice(start, end + 1));
}

const [encoding] = process.argv.slice(2);
const READERS = {
  json: bytes => JSON.parse(bytes.toString('utf8')),
  png: bytes => objectAfterKeyword(bytes.toString(encoding)),
};

// one word for a forged proof and for a foreign key
const FATAL = {invalid_signature: 'signature', 'jsonld.ValidationError': 'undefined-term'};
const STATUS = {revocation_status: 'revoked', suspension_status: 'suspended'};

function verdict({errors, log = []}) {
  if(errors?.length) {
    const said = errors.map(e => `${e.name}: ${e.message}`).join('; ');
    return rejected(errors.map(e => FATAL[e.name] ?? 'other'), said);
  }
  const steps = Object.fromEntries(log.map(step => [step.id, step.error ?? step.valid]));
  const reasons = [];
  // whether the issuer is in somebody's registry is another question
  if(steps.valid_signature === undefined) {
    reasons.push('not-yet'); // its way of saying so: no step about the signature, no error
  } else if(steps.valid_signature !== true) {
    reasons.push('signature');
  }
  if(steps.expiration === false) {
    reasons.push('expired');
  }
  for(const [step, word] of Object.entries(STATUS)) {
    if(steps[step] === false) {
      reasons.push(word);
    } else if(typeof steps[step] === 'object') {
      reasons.push('status-unknown');
    }
  }
  return reasons.length ? rejected(reasons, JSON.stringify(steps)) : accepted();
}

function schemaErrors({additionalInformation = []}) {
  const results = additionalInformation.find(info => info.id === 'schema_check')?.results;
  return Array.isArray(results) ? results.filter(r => !r.result.valid) : [{schema: 'none chosen', results}];
}

await judge(async ({form}, bytes) => {
  let credential;
  try {
    credential = READERS[form](bytes);
  } catch(e) {
    return rejected('unreadable', e.message);
  }
  const report = await verifyCredential({credential, knownDIDRegistries: []});
  const found = verdict(report);
  const errors = schemaErrors(report);
  return found.accepted && errors.length ? rejected('schema', JSON.stringify(errors)) : found;
});
