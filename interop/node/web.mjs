// The web as a judge sees it: every URL is put to the harness's own server (interop/web.py) with the headers that the
// judge chose; no socket to anywhere else opens. Imported first (`node --import`), before any judge looks at `fetch`.
import net from 'node:net';

const asked = {web: process.env.INTEROP_WEB, judge: process.env.INTEROP_JUDGE, exhibit: '', shift: 0};
const home = new URL(asked.web);

const connect = net.Socket.prototype.connect;
net.Socket.prototype.connect = function(...args) {
  const {host, port} = Array.isArray(args[0]) ? args[0][0] : args[0];
  if(host !== home.hostname || String(port) !== home.port) {
    throw new Error(`no way out: ${host}:${port}`);
  }
  return connect.apply(this, args);
};

const reallyFetch = globalThis.fetch;
globalThis.fetch = async (input, init) => {
  const request = new Request(input, init);
  const accept = request.headers.get('accept') ?? '*/*';
  const answer = await reallyFetch(`${asked.web}/?url=${encodeURIComponent(request.url)}`,
    {headers: {accept, 'x-judge': asked.judge, 'x-exhibit': asked.exhibit}});
  if(answer.headers.has('x-nobody')) {
    throw new TypeError(`fetch failed: nobody answers at ${request.url}`);
  }
  const bodyless = [204, 304].includes(answer.status);
  const response = new Response(bodyless ? null : await answer.arrayBuffer(),
    {status: answer.status, headers: {'content-type': answer.headers.get('content-type') ?? ''}});
  Object.defineProperty(response, 'url', {value: request.url});
  return response;
};

// The judge's clock: some exhibits are judged as on another day.
const RealDate = Date;
globalThis.Date = class extends RealDate {
  constructor(...args) {
    super(...(args.length ? args : [RealDate.now() + asked.shift]));
  }
  static now() {
    return RealDate.now() + asked.shift;
  }
};

// What is judged from here on: under this name documents are asked for, on a day so many seconds from now.
export function now({name, later = 0}) {
  asked.exhibit = name;
  asked.shift = later * 1000;
}
