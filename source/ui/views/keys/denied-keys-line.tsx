import {deniedWords} from '../../../engine/commands/lines/key-lines.js';
import {Lines} from '../../components/lines.js';
import {useUi} from '../../hooks/use-screen.js';
import {span} from '../../text/row.js';

/** Shows the number of listed keys that cannot be read, because the user has no right to them. */
export function DeniedKeysLine() {
	const words = useUi(({keys}) => deniedWords(keys.rows.filter(({isDenied}) => isDenied).length));
	return words === undefined ? null : <Lines rows={[[span(words, 'warn')]]} />;
}
