import type {Finding} from '../../tap/findings/finding.js';
import {formatCount} from '../../text/number.js';
import {type HeadingLevel, heading} from './heading.js';
import {type Html, html} from './html.js';

/** Maximum number of keys that are listed for a finding. */
const maxKeys = 10;

const levelWords = {info: 'Hint', warning: 'Warning', serious: 'Serious'} as const;

/** Findings one below the other, each with its evidence and advice. */
export function findingList(findings: readonly Finding[], level: HeadingLevel): Html {
	return html`${findings.map(
		({id, level: severity, title, evidence, why, advice, keys}) => html`<article class="finding">
${heading(level, html`<span class="${severity === 'info' ? 'soft' : 'bad'}">${levelWords[severity]}:</span> ${title} <code>${id}</code>`)}<p>${evidence}</p>
<p>${why}</p>
<p><b>Advice:</b> ${advice}</p>
${keys.length > 0 && html`<p class="soft">Keys: ${keys.slice(0, maxKeys).map((key, index) => html`${index > 0 && ', '}<code>${key}</code>`)}${keys.length > maxKeys && ` and ${formatCount(keys.length - maxKeys)} more`}</p>`}
</article>
`,
	)}`;
}
