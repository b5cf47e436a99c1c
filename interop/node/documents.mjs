// A document loader made of digitalbazaar's own DID resolvers and of plain fetching.
import * as didKey from '@digitalbazaar/did-method-key';
import * as didWeb from '@digitalbazaar/did-method-web';
import * as Ed25519Multikey from '@digitalbazaar/ed25519-multikey';
import {CachedResolver} from '@digitalbazaar/did-io';

const ED25519 = {multibaseMultikeyHeader: 'z6Mk', fromMultibase: Ed25519Multikey.from};
const drivers = [didKey.driver(), didWeb.driver()];

// A new resolver each time: nothing one exhibit was told reaches another.
export async function resolve(url) {
  const resolver = new CachedResolver();
  for(const driver of drivers) {
    driver.use(ED25519);
    resolver.use(driver);
  }
  return resolver.get(url.includes('#') ? {url} : {did: url});
}

export async function fetched(url, accept) {
  const response = await fetch(url, {headers: {accept}});
  if(!response.ok) {
    throw new Error(`${url} answered ${response.status}`);
  }
  return response.text();
}

export async function documentLoader(url) {
  const document = url.startsWith('did:') ? await resolve(url) :
    JSON.parse(await fetched(url, 'application/ld+json, application/json'));
  return {contextUrl: null, documentUrl: url, document};
}
