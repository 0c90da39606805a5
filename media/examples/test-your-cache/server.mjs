// A shop with one kind of page, on a cache that the second argument names: node server.mjs 3000 ./1-naive.mjs
import {createServer} from 'node:http';

const [port, path = './1-naive.mjs', url = 'redis://127.0.0.1:6380'] = process.argv.slice(2);
const {open} = await import(path);
const cache = await open({url});

/** Reads a product from the database. */
async function loadProduct(id) {
	return {id, name: `product ${id}`};
}

createServer(async (request, response) => {
	const id = request.url.slice('/products/'.length);
	const product = await cache.getOrSet(`product:${id}`, () => loadProduct(id), {ttl: 60_000});
	response.setHeader('content-type', 'application/json').end(JSON.stringify(product));
}).listen(Number(port));
