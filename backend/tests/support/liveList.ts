interface Item {
  id: number;
  hidden: boolean;
}

/** A list as VK pages it: hidden items keep their offset and are counted, but not sent. */
export class LiveList {
  private nextId = 1;
  readonly items: Item[] = [];

  constructor(
    size: number,
    private readonly growsAt: 'start' | 'end',
    hiddenEvery = 0,
  ) {
    for (let i = 0; i < size; i++) this.insert(hiddenEvery > 0 && i % hiddenEvery === 1);
  }

  insert(hidden = false): void {
    const item = { id: this.nextId++, hidden };
    if (this.growsAt === 'start') this.items.unshift(item);
    else this.items.push(item);
  }

  remove(index: number): void {
    if (this.items.length > 0) this.items.splice(index % this.items.length, 1);
  }

  visible(): number[] {
    return this.items.filter((item) => !item.hidden).map((item) => item.id);
  }

  page(offset: number, count: number, cut = 0) {
    const sent = this.items.slice(offset, offset + count).filter((item) => !item.hidden);
    const ids = sent.slice(0, Math.max(0, sent.length - cut)).map((item) => item.id);
    return { ids, length: ids.length, total: this.items.length };
  }
}
