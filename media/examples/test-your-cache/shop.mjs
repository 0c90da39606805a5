// A small shop on Express, on a cache that is named when it starts: node shop.mjs ./1-naive.mjs
import {setTimeout as sleep} from 'node:timers/promises';
import express from 'express';

const [cachePath = './1-naive.mjs', redisUrl = 'redis://127.0.0.1:6380', port = '3000'] = process.argv.slice(2);
const {open} = await import(cachePath);
const cache = await open({url: redisUrl});

// In place of a table of a database, which answers in two milliseconds.
const table = new Map();
for (let id = 1; id <= 100; id++) table.set(String(id), {name: `Product ${id}`, price: 5 * id});

async function findProduct(id) {
	await sleep(2);
	return table.get(id);
}

async function saveProduct(id, product) {
	await sleep(2);
	table.set(id, product);
}

async function removeProduct(id) {
	await sleep(2);
	table.delete(id);
}

const shop = express();
shop.use(express.json());

shop.get('/products/:id', async ({params: {id}}, response) => {
	const product = await cache.getOrSet(`product:${id}`, () => findProduct(id), {ttl: 60_000});
	if (product === undefined) response.sendStatus(404);
	else response.json(product);
});

shop.put('/products/:id', async ({params: {id}, body}, response) => {
	await saveProduct(id, body);
	await cache.delete(`product:${id}`);
	response.sendStatus(204);
});

shop.delete('/products/:id', async ({params: {id}}, response) => {
	await removeProduct(id);
	await cache.delete(`product:${id}`);
	response.sendStatus(204);
});

shop.listen(port);
