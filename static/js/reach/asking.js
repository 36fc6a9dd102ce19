// What is sent to the server, and what comes back: the one verdict, and the same as a document for others.

import { ApiFailure, ask } from '../api.js';
import { upload } from '../upload.js';

/** One verdict over everything given: a `ReachReport`. `body` is the question as JSON text. */
export async function reach(body, { signal, progress }) {
  const answer = await upload('reach', body, { type: 'application/json', signal, progress });
  if (!Array.isArray(answer?.evidence) || typeof answer.verdict !== 'string') throw new ApiFailure('garbled', { status: 200 });
  return answer;
}

/** The verdict as a document, `md` or `html`. The server asks everything anew. */
export async function exported(body, format, lang) {
  const response = await ask('POST', 'reach/export', { format, lang }, undefined, format === 'md' ? 'text/markdown' : 'text/html', body);
  return response.blob();
}
