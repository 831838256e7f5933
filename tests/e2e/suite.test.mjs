// Every case on every host, in its real runtime. A case is a row: a request and what must come of it.
//
//   page | target   the address: a name in `world.pages`, or a path with its query
//   method, headers, host, body, chunks          as the client sends them
//   cookies         "consent" or "five": a visitor who agreed, without history or after five products of a category
//   cookieHeader    a Cookie header made from the context
//   snapshot        which snapshot folder the host has (default "good"); keys: what signs its cookies and tokens; traps: it can
//   origin          how the origin sends it (lib/origin.mjs); `direct`: the same for the reference, when it differs
//   expect          "same": the origin's response to the byte; "changed": a personalised page and nothing else changed
//   check           or a function of {reply, reference, seen, origin, ctx, exception}
//   not             {host: reason}: where a platform's own fault leaves nothing to look at
//   except          {host: reason}: what a platform cannot do; the check is told and asserts what it does instead
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import bodies from "./cases/bodies.mjs";
import consent from "./cases/consent.mjs";
import endpoints from "./cases/endpoints.mjs";
import facts from "./cases/facts.mjs";
import failopen from "./cases/failopen.mjs";
import heads from "./cases/heads.mjs";
import http from "./cases/http.mjs";
import kept, { again } from "./cases/kept.mjs";
import lists from "./cases/lists.mjs";
import methods from "./cases/methods.mjs";
import statuses from "./cases/statuses.mjs";
import streaming from "./cases/streaming.mjs";
import traps from "./cases/traps.mjs";
import usecases from "./cases/usecases.mjs";
import { assertBytes, assertChanged, assertSame } from "./lib/expect.mjs";
import { HOSTS } from "./lib/hosts.mjs";
import { ROOT } from "./lib/paths.mjs";
import { Stage } from "./lib/stage.mjs";
import { useCases } from "./lib/usecases.mjs";

const TABLES = { methods, statuses, bodies, lists, heads, http, kept, consent, streaming, facts, endpoints, usecases, failopen, traps };
const stage = new Stage();

before(() => stage.start());
after(() => stage.stop());

for (const [table, cases] of Object.entries(TABLES)) {
  for (const host of HOSTS) {
    describe(`${table}, ${host}`, () => {
      for (const entry of cases) test(`${entry.name} [${host}]`, { skip: entry.not?.[host] }, () => run(entry, host));
    });
  }
}

// Whatever becomes of a page becomes of it, too, when it is kept: each that is changed is asked for from an origin that gives an ETag.
const CHANGED = Object.values(TABLES).flat().filter(({ expect, downstream }) => expect === "changed" && !downstream);
for (const host of HOSTS) {
  describe(`all changed pages when they are kept, ${host}`, () => {
    let found = 0;
    for (const entry of CHANGED) test(`kept: ${entry.name} [${host}]`, { skip: entry.not?.[host] }, async () => (found += Number(await runKept(entry, host))));
    test(`most of them are kept [${host}]`, () => assert.ok(found >= CHANGED.length / 2, `${found} of ${CHANGED.length}`));
  });
}

test("docs/http.md has a row for each case of HTTP, and no other", async () => {
  const text = await readFile(join(ROOT, "docs/http.md"), "utf8");
  const rows = [...text.matchAll(/^\| (.+?) \| .+ \|$/gm)].map(([, name]) => name).filter((name) => name !== "case" && !/^-+$/.test(name));
  const written = ["methods", "statuses", "bodies", "lists", "http", "heads", "kept", "streaming", "facts", "failopen", "traps"].flatMap((table) => TABLES[table].map(({ name }) => name));
  assert.deepEqual([...rows].sort(), [...written].sort());
});

test("docs/use-cases.md has a row for each case, and what it quotes stands in the demo shop's file", () => {
  const { rows, quoted } = useCases();
  assert.deepEqual(rows.map(({ number }) => number), rows.map((_, at) => at + 1));
  assert.deepEqual(usecases.map(({ name }) => name), rows.map(({ number, name }) => `use case ${number}: ${name}`));
  for (const lines of quoted) assert.ok(stage.world.site.includes(lines.trimEnd()), `demo-shop/site.toml has\n${lines}`);
});

test("the origin itself made no mistake", () => assert.deepEqual(stage.world.origin.errors, []));

/** Asks until the page is kept, if it may be; gives whether it was. */
async function runKept(entry, host) {
  const ctx = await stage.context(host, entry);
  const { target, options } = await asked(entry, ctx);
  const origin = { ...options.origin, keep: true };
  const replies = await again(ctx, target, { ...options, origin }, 3);
  for (const { reply } of replies.slice(1)) assertBytes(reply.body, replies[0].reply.body);
  const reference = await ctx.direct(target, { ...options, origin: { ...entry.direct, ...origin } });
  assertChanged(replies[2].reply, reference);
  return replies[2].way !== "streamed";
}

/** What a case asks for. */
async function asked(entry, ctx) {
  const value = async (field) => (typeof field === "function" ? field(ctx) : field);
  const target = entry.page ? ctx.world.pages[entry.page] : await value(entry.target);
  const cookieHeader = entry.cookieHeader ? entry.cookieHeader(ctx) : ctx.cookies[entry.cookies];
  const { direct = entry.direct, ...further } = entry.request?.({ ctx }) ?? {};
  const options = {
    method: entry.method, host: entry.host, chunks: entry.chunks, origin: entry.origin,
    headers: await value(entry.headers), body: await value(entry.body), cookies: cookieHeader, ...further,
  };
  return { target, options, direct };
}

async function run(entry, host) {
  const ctx = await stage.context(host, entry);
  const { target, options, direct } = await asked(entry, ctx);
  const id = ctx.id();
  const reply = await ctx.send(target, { ...options, id });
  const requests = ctx.origin.seen(id);
  const reference = entry.downstream ? undefined : await ctx.direct(target, { ...options, onData: undefined, origin: direct ?? options.origin });
  if (entry.expect === "same") assertSame(reply, reference);
  if (entry.expect === "changed") assertChanged(reply, reference);
  await entry.check?.({ reply, reference, seen: new Seen(requests[0]), origin: requests, ctx, exception: entry.except?.[host] });
}

/** A request as it reached the origin. */
class Seen {
  constructor(request) {
    this.request = request;
  }

  get target() {
    return this.request.target;
  }

  headers(name) {
    assert.ok(this.request, "a request reached the origin");
    return this.request.headers.filter(([found]) => found.toLowerCase() === name).map(([, value]) => value);
  }

  header(name) {
    return this.headers(name)[0];
  }
}
