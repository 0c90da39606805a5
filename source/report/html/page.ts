import {Html, html, type Part} from './html.js';
import {styles} from './styles.js';

/** The policy of a page: it runs no scripts and loads no resources. */
const policy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/** A complete page as one file, without scripts and external resources. Ends with a line feed. */
export function page({title, body}: {readonly title: string; readonly body: Part}): string {
	const document = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<title>${title}</title>
<style>${new Html(styles)}</style>
</head>
<body>
<main>
${body}
</main>
</body>
</html>
`;
	return document.markup;
}
