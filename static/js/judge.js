// Sums a report up: one tone, one headline, one reason, and the finding to look at first. Pure: report in, verdict out.

// Findings after which another image takes the place of the one that was meant.
const REPLACED = ['og-image-missing', 'image-url-invalid', 'image-from-body'];
// Warnings that put the image at risk though their code does not begin with `image-`.
const RISKY = ['meta-displaced'];

/**
 * `tone`: `ok` | `warn` | `bad` | `calm`. `headline`: the key of a sentence. `finding`: index into `report.findings`, or -1.
 * Without a finding, `reason` is the key of the sentence that says why.
 */
export function judge(report) {
  const findings = report.findings ?? [];
  const images = report.card?.images ?? [];
  const first = (test) => findings.findIndex(test);
  const error = first(({ severity }) => severity === 'error');
  const warning = first(({ severity }) => severity === 'warning');

  if (report.outcome !== 'ok') {
    const named = first(({ code }) => code === report.outcome);
    const finding = named >= 0 ? named : error;
    if (report.blame === 'server') return { tone: 'calm', headline: 'verdict.unchecked', finding };
    if (report.blame === 'caller') return { tone: 'bad', headline: 'verdict.refused', finding };
    // A page that broke off still gave a card, of what had arrived.
    if (report.card) return { tone: 'bad', headline: 'verdict.card-wrong', finding };
    return { tone: 'bad', headline: 'verdict.no-card', finding, reason: 'verdict.no-card.reason' };
  }
  if (!report.card) return { tone: 'bad', headline: 'verdict.no-card', finding: error, reason: 'verdict.no-card.reason' };

  if (images.length === 0) {
    const aboutImage = first(({ code }) => code.startsWith('og-image') || code.startsWith('image-'));
    return { tone: 'bad', headline: 'verdict.image-missing', finding: error >= 0 ? error : aboutImage, reason: 'verdict.image-missing.reason' };
  }
  const broken = first(({ code, severity }) => severity === 'error' && code.startsWith('image-') && !REPLACED.includes(code));
  if (broken >= 0) return { tone: 'bad', headline: 'verdict.image-missing', finding: broken };
  const wrong = first(({ code, severity }) => severity === 'error' && !REPLACED.includes(code));
  if (wrong >= 0) return { tone: 'bad', headline: 'verdict.card-wrong', finding: wrong };

  const doubtful = first(({ code, severity }) => severity !== 'info' && (code.startsWith('image-') || REPLACED.includes(code) || RISKY.includes(code)));
  const replaced = findings.some(({ code, severity }) => severity !== 'info' && REPLACED.includes(code));
  if (doubtful >= 0) return { tone: 'warn', headline: replaced ? 'verdict.image-other' : 'verdict.image-maybe', finding: doubtful };
  if (warning >= 0) return { tone: 'warn', headline: 'verdict.card-check', finding: warning };
  return report.image?.outcome === 'ok'
    ? { tone: 'ok', headline: 'verdict.image-will', finding: -1, reason: 'verdict.image-from' }
    : { tone: 'ok', headline: 'verdict.image-should', finding: -1, reason: 'verdict.image-unfetched' };
}
