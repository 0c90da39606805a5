import {type Sender, textOf} from '../../sender.js';
import {isMeant, parseClientList} from './client-list.js';

/**
 * Closes connections, except for those of this program.
 *
 * @param client An address with its port, a host, or the name of clients.
 * @returns The number of closed connections.
 */
export async function killClients(sender: Sender, client: string): Promise<number> {
	const clients = parseClientList(textOf(await sender.send('CLIENT', ['LIST'])));
	const meant = clients.filter((each) => isMeant(each, client));
	// A connection may have been closed in the meantime.
	const replies = await Promise.all(meant.map(({id}) => sender.send('CLIENT', ['KILL', 'ID', id])));
	return replies.filter((reply) => Number(reply) > 0).length;
}
