// How plain-language pages look: what the rules 1.1 to 1.14 ask for, measured on what the browser computed.
window.falc = (() => {
  const luminance = ([r, g, b]) => [r, g, b]
    .map(v => v / 255).map(v => (v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))
    .reduce((sum, v, at) => sum + v * [0.2126, 0.7152, 0.0722][at], 0)
  const read = colour => (colour.match(/[\d.]+/g) || []).map(Number)
  const behind = element => {
    for (let at = element; at; at = at.parentElement) {
      const colour = read(getComputedStyle(at).backgroundColor)
      if (colour.length === 3 || colour[3] > 0) return colour
    }
    return [255, 255, 255]
  }
  const contrast = element => {
    const [light, dark] = [luminance(read(getComputedStyle(element).color)), luminance(behind(element))].sort((a, b) => b - a)
    return (light + 0.05) / (dark + 0.05)
  }
  const unseen = element => element.closest('.vh, [aria-hidden="true"], svg, script, style, [hidden]') !== null
  const texts = root => {
    const found = new Set()
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT)
    while (walker.nextNode()) {
      const element = walker.currentNode.parentElement
      if (walker.currentNode.data.trim() && !unseen(element)) found.add(element)
    }
    return [...found]
  }
  function * wrong (root) {
    const fonts = new Set()
    for (const element of [...texts(root), ...root.querySelectorAll('input:not([type=hidden], [type=checkbox], [type=radio])')].filter(e => !unseen(e))) {
      const style = getComputedStyle(element)
      const said = (element.textContent || element.name || '').trim().slice(0, 40)
      const size = parseFloat(style.fontSize)
      const isBox = element.matches('input')
      fonts.add(style.fontFamily)
      if (size < 14) yield `1.1: ${size} px: ${said}`
      if (!isBox && contrast(element) < 7) yield `1.4: contrast ${contrast(element).toFixed(2)}: ${said}`
      if (style.fontStyle !== 'normal') yield `1.3: ${style.fontStyle}: ${said}`
      if (style.textDecorationLine.includes('underline') && !element.closest('a, .linkish')) yield `1.3: underlined: ${said}`
      if (style.textTransform !== 'none') yield `1.6: ${style.textTransform}: ${said}`
      if (style.hyphens !== 'none' && style.hyphens !== 'manual') yield `1.8: hyphens ${style.hyphens}: ${said}`
      if (style.hyphens === 'manual') yield `1.8: hyphens are not off: ${said}`
      if (style.wordBreak !== 'normal') yield `1.8: word-break ${style.wordBreak}: ${said}`
      if (!isBox && style.lineHeight !== 'normal' && parseFloat(style.lineHeight) / size < 1.5 - 0.01) {
        yield `1.13: lines ${(parseFloat(style.lineHeight) / size).toFixed(2)}: ${said}`
      }
      if (!isBox && style.lineHeight === 'normal') yield `1.13: line height not said: ${said}`
      if (['justify', 'right', 'end'].includes(style.textAlign)) yield `1.14: ${style.textAlign}: ${said}`
    }
    if (fonts.size > 1) yield `1.2: ${fonts.size} fonts: ${[...fonts].join(' | ')}`
    for (const element of root.querySelectorAll('p')) {
      const style = getComputedStyle(element)
      if (parseFloat(style.marginBottom) < 1.5 * parseFloat(style.fontSize) - 0.1) yield `1.13: paragraphs too near: ${element.textContent.trim().slice(0, 40)}`
    }
    for (const element of [root, ...root.querySelectorAll('*')]) {
      const style = getComputedStyle(element)
      if (style.columnCount !== 'auto' && style.columnCount !== '1') yield `1.5: columns in ${element.tagName}`
      if (element.matches('table')) yield '1.5: a table'
    }
    const blocks = [...root.querySelectorAll('p, legend, h1, h2, .choice')].filter(e => !unseen(e)).map(e => e.getBoundingClientRect())
    for (let at = 1; at < blocks.length; at++) {
      const [before, after] = [blocks[at - 1], blocks[at]]
      if (after.top < before.bottom - 1 && (after.left >= before.right || before.left >= after.right)) yield '1.5: two columns'
    }
  }
  return { looks: () => [...document.querySelectorAll('.falc')].flatMap(root => [...wrong(root)]) }
})()
