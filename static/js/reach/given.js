// What a reader gives beside an address: dumps of rules and access logs, told apart by what they look like. Pure.

import { Dumps, decode } from '../firewall/dumps.js';
import { LogFiles } from '../logs/files.js';

/** A line as web servers, balancers and CDNs log a request. */
const REQUESTS = [
  /^\S+ \S+ \S+ .*\[\d{1,2}\/\w{3}\/\d{4}:\d\d:\d\d:\d\d/m,
  /"(GET|HEAD|POST|OPTIONS|PUT) \S* HTTP\/\d/,
  /^#(Fields|Version|Software):/m,
  /^(http|https|h2|grpcs?|wss?) \d{4}-\d\d-\d\dT\S+ \S+ \S+:\d+ /m,
  /^\{.*"(ClientRequestURI|ClientRequestUserAgent|http_user_agent|user_agent|request_uri|remote_addr)"\s*:/m,
];
const PACKED = [[0x1f, 0x8b], [0x28, 0xb5, 0x2f, 0xfd]];
const LOG_NAME = /(^|[._-])(access|ssl_access|request|u_ex\d*)[._-]?log|\.log(\.\d+)?$|access_log/i;

/** Whether a file is packed, by its first bytes. */
export function isPacked(bytes) {
  return PACKED.some((magic) => magic.every((byte, index) => bytes[index] === byte));
}

/** `dump` or `log`: by its first bytes, where they say nothing by its name. */
export function kindOf(name, head) {
  if (isPacked(head)) return 'log';
  const text = decode(head);
  if (REQUESTS.some((pattern) => pattern.test(text))) return 'log';
  return LOG_NAME.test(name) && !/^(\*(filter|nat|mangle|raw)|table |:INPUT|\s*[{[])/m.test(text) ? 'log' : 'dump';
}

/** Bytes that are looked at to tell what a file is. */
export const HEAD = 16_384;

/** What was given. A dump is text, a log stays a file. */
export class Given {
  dumps = new Dumps();
  logs = new LogFiles();

  get empty() {
    return !this.dumps.list.length && !this.logs.list.length;
  }

  /** Takes in a file as what it looks like, and says what that is. */
  async add(name, file, kind = null) {
    const bytes = new Uint8Array(await file.slice(0, HEAD).arrayBuffer());
    const found = kind ?? kindOf(name, bytes);
    if (found === 'log') this.logs.add(name, file);
    else this.dumps.add(name, decode(new Uint8Array(await file.arrayBuffer())));
    return found;
  }

  /** Takes a dump for a log. */
  asLog(dump) {
    this.dumps.remove(dump);
    return this.logs.add(dump.name, new Blob([dump.text], { type: 'text/plain' }));
  }

  /** Takes a log for a dump. */
  async asDump(log) {
    const text = decode(new Uint8Array(await log.file.arrayBuffer()));
    this.logs.remove(log);
    return this.dumps.add(log.name, text);
  }

  /** The logs as the API takes them: text, or base64 of what is packed. */
  async logsAsked() {
    return Promise.all(this.logs.list.map(async ({ name, file }) => {
      const bytes = new Uint8Array(await file.arrayBuffer());
      return isPacked(bytes) ? { name, base64: base64(bytes) } : { name, text: decode(bytes) };
    }));
  }
}

/** Base64 of any number of bytes; a call has room for so many arguments only. */
export function base64(bytes) {
  const STEP = 0x8000;
  const parts = [];
  for (let at = 0; at < bytes.length; at += STEP) parts.push(String.fromCharCode(...bytes.subarray(at, at + STEP)));
  return btoa(parts.join(''));
}
