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
import lists from "./cases/lists.mjs";
import methods from "./cases/methods.mjs";
import statuses from "./cases/statuses.mjs";
import streaming from "./cases/streaming.mjs";
import traps from "./cases/traps.mjs";
import usecases from "./cases/usecases.mjs";
import { assertChanged, assertSame } from "./lib/expect.mjs";
import { HOSTS } from "./lib/hosts.mjs";
import { ROOT } from "./lib/paths.mjs";
import { Stage } from "./lib/stage.mjs";
import { useCases } from "./lib/usecases.mjs";

const TABLES = { methods, statuses, bodies, lists, heads, http, consent, streaming, facts, endpoints, usecases, failopen, traps };
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

test("docs/http.md has a row for each case of HTTP, and no other", async () => {
  const text = await readFile(join(ROOT, "docs/http.md"), "utf8");
  const rows = [...text.matchAll(/^\| (.+?) \| .+ \|$/gm)].map(([, name]) => name).filter((name) => name !== "case" && !/^-+$/.test(name));
  const written = ["methods", "statuses", "bodies", "lists", "http", "heads", "streaming", "facts", "failopen", "traps"].flatMap((table) => TABLES[table].map(({ name }) => name));
  assert.deepEqual([...rows].sort(), [...written].sort());
});

test("docs/use-cases.md has a row for each case, and what it quotes stands in the demo shop's file", () => {
  const { rows, quoted } = useCases();
  assert.deepEqual(rows.map(({ number }) => number), rows.map((_, at) => at + 1));
  assert.deepEqual(usecases.map(({ name }) => name), rows.map(({ number, name }) => `use case ${number}: ${name}`));
  for (const lines of quoted) assert.ok(stage.world.site.includes(lines.trimEnd()), `demo-shop/site.toml has\n${lines}`);
});

test("the origin itself made no mistake", () => assert.deepEqual(stage.world.origin.errors, []));

async function run(entry, host) {
  const ctx = await stage.context(host, entry);
  const value = async (field) => (typeof field === "function" ? field(ctx) : field);
  const target = entry.page ? ctx.world.pages[entry.page] : await value(entry.target);
  const cookieHeader = entry.cookieHeader ? entry.cookieHeader(ctx) : ctx.cookies[entry.cookies];
  const { direct = entry.direct, ...further } = entry.request?.({ ctx }) ?? {};
  const options = {
    method: entry.method, host: entry.host, chunks: entry.chunks, origin: entry.origin,
    headers: await value(entry.headers), body: await value(entry.body), cookies: cookieHeader, ...further,
  };
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
