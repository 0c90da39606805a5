import type {Finding} from '../tap/findings/finding.js';

/** Lines about findings, indented under a title. */
export function findingLines(findings: readonly Finding[]): string[] {
	if (findings.length === 0) return ['findings: none'];
	const lines = findings.flatMap(({level, title, evidence, why, advice, keys}) => [
		`  ${level}: ${title}`,
		`    seen: ${evidence}`,
		...(keys.length > 0 ? [`    keys: ${keys.join(', ')}`] : []),
		`    why: ${why}`,
		`    do: ${advice}`,
	]);
	return ['findings', ...lines];
}
