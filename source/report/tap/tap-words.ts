import {formatCountOf} from '../../text/number.js';
import {secondsWords} from '../words.js';
import type {TapResult} from './tap-result.js';

/** The verdict on an application in one line: its most serious finding, or that there is none. */
export function tapVerdict({application: {findings, commands}}: TapResult): string {
	const [worst] = findings;
	if (commands.total === 0) return 'the application has sent nothing';
	if (worst === undefined) return 'no findings';
	return `${formatCountOf(findings.length, 'finding')}: ${worst.title}${findings.length > 1 ? ', and more' : ''}`;
}

/** True if all findings are hints, or there are none. */
export function isHealthy({application: {findings}}: TapResult): boolean {
	return findings.every(({level}) => level === 'info');
}

/** `45,120 commands in 60.0 s on 127.0.0.1:6380, Redis at redis://cache:6379.` */
export function tapSentence({application: {commands, seconds, listen, target}}: TapResult): string {
	return `${formatCountOf(commands.total, 'command')} in ${secondsWords(seconds * 1000)} on ${listen}, Redis at ${target}.`;
}

/** The last outage in a sentence; undefined without one. */
export function outageSentence({application: {outage}}: TapResult): string | undefined {
	if (outage === undefined) return undefined;
	const until = outage.liftedAt === undefined ? 'still active' : secondsWords(outage.liftedAt - outage.startedAt);
	return `${outage.faults.join(', ')}: ${until}.`;
}
