package io.rackgateway.deploy.release.notes;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.commonmark.ext.gfm.tables.TableBody;
import org.commonmark.ext.gfm.tables.TableHead;
import org.commonmark.ext.gfm.tables.TableRow;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.node.BlockQuote;
import org.commonmark.node.Code;
import org.commonmark.node.Emphasis;
import org.commonmark.node.HardLineBreak;
import org.commonmark.node.Heading;
import org.commonmark.node.HtmlBlock;
import org.commonmark.node.Image;
import org.commonmark.node.Link;
import org.commonmark.node.ListBlock;
import org.commonmark.node.ListItem;
import org.commonmark.node.Node;
import org.commonmark.node.Paragraph;
import org.commonmark.node.SoftLineBreak;
import org.commonmark.node.StrongEmphasis;
import org.commonmark.node.Text;
import org.commonmark.parser.IncludeSourceSpans;
import org.commonmark.parser.Parser;
import org.jspecify.annotations.Nullable;

/**
 * Markdown as GitHub reads it (CommonMark with tables and alerts), taken apart into passages. Code
 * blocks and comments are left out. Trees are walked without recursion, so depth is no matter.
 */
final class MarkdownPassages {

  /** Blocks in blocks; what is nested more deeply is read as the text that it is written in. */
  private static final int DEEPEST = 60;

  private static final Parser PARSER =
      Parser.builder()
          .extensions(List.of(TablesExtension.create()))
          .includeSourceSpans(IncludeSourceSpans.BLOCKS_AND_INLINES)
          .maxOpenBlockParsers(DEEPEST)
          .build();

  /** https://docs.github.com/en/get-started/writing-on-github, "Alerts". */
  private static final Pattern ALERT =
      Pattern.compile("^\\[!(NOTE|TIP|IMPORTANT|WARNING|CAUTION)]\\s*", Pattern.CASE_INSENSITIVE);

  private final Lines lines;
  private final List<Passage> passages = new ArrayList<>();
  private List<String> tableHeader = List.of();
  private int depth;

  private MarkdownPassages(Lines lines) {
    this.lines = lines;
  }

  static List<Passage> of(String markdown) {
    Lines lines = Lines.of(markdown);
    MarkdownPassages reader = new MarkdownPassages(lines);
    reader.walk(PARSER.parse(lines.text()));
    return reader.passages;
  }

  private void walk(Node document) {
    Node node = document;
    while (node != null) {
      boolean into = enter(node);
      Node child = into ? node.getFirstChild() : null;
      if (child != null) {
        node = child;
        continue;
      }
      leave(node);
      while (node != document && node.getNext() == null) {
        node = node.getParent();
        leave(node);
      }
      node = node == document ? null : node.getNext();
    }
  }

  /** Takes what a node says; answers whether its children are to be visited. */
  private boolean enter(Node node) {
    if (node instanceof Heading heading) {
      passages.add(new Passage.Heading(heading.getLevel(), words(node)));
      return false;
    }
    if (node instanceof Paragraph) {
      Words words = words(node);
      if (node.getParent() instanceof BlockQuote && node.getPrevious() == null) {
        words = withoutAlert(words);
      }
      boolean begins = node.getParent() instanceof ListItem && node.getPrevious() == null;
      passages.add(new Passage.Text(words, depth, begins));
      return false;
    }
    if (node instanceof HtmlBlock html) {
      HtmlPassages.read(html.getLiteral(), line(node), passages);
      return false;
    }
    if (node instanceof TableHead) {
      tableHeader = node.getFirstChild() == null ? List.of() : cells(node.getFirstChild());
      return false;
    }
    if (node instanceof TableRow && node.getParent() instanceof TableBody) {
      passages.add(new Passage.Row(row(node), tableHeader, cells(node)));
      return false;
    }
    if (node instanceof BlockQuote) {
      passages.add(new Passage.Quote(alert(node)));
    } else if (node instanceof ListBlock) {
      depth++;
    }
    return true;
  }

  private void leave(@Nullable Node node) {
    if (node instanceof BlockQuote) {
      passages.add(new Passage.End(Passage.What.QUOTE, 0));
    } else if (node instanceof ListBlock) {
      passages.add(new Passage.End(Passage.What.LIST, depth--));
    }
  }

  private String alert(Node quote) {
    if (quote.getFirstChild() instanceof Paragraph paragraph) {
      Matcher alert = ALERT.matcher(words(paragraph).text());
      if (alert.find()) {
        return alert.group(1).toUpperCase(Locale.ROOT);
      }
    }
    return "";
  }

  private static Words withoutAlert(Words words) {
    Matcher alert = ALERT.matcher(words.text());
    if (!alert.find()) {
      return words;
    }
    // Blanked rather than cut, so that every index into the text stays right.
    String blanks = " ".repeat(alert.end());
    return new Words(
        blanks + words.text().substring(alert.end()),
        blanks + words.prose().substring(alert.end()),
        words.emphasised(),
        words.links(),
        words.lines());
  }

  private List<String> cells(Node row) {
    List<String> cells = new ArrayList<>();
    for (Node cell = row.getFirstChild(); cell != null; cell = cell.getNext()) {
      cells.add(words(cell).text().strip());
    }
    return cells;
  }

  private Words row(Node row) {
    Words.Builder words = new Words.Builder().onLine(line(row));
    for (Node cell = row.getFirstChild(); cell != null; cell = cell.getNext()) {
      if (words.length() > 0) {
        words.add(" | ");
      }
      inline(cell, words);
    }
    return words.build();
  }

  private Words words(Node block) {
    Words.Builder words = new Words.Builder().onLine(line(block));
    inline(block, words);
    return words.build();
  }

  private void inline(Node block, Words.Builder words) {
    List<Integer> starts = new ArrayList<>();
    Node node = block.getFirstChild();
    while (node != null) {
      starts.add(words.length());
      take(node, words);
      if (node.getFirstChild() != null) {
        node = node.getFirstChild();
        continue;
      }
      close(node, starts, words);
      while (node != null && node.getNext() == null) {
        node = node.getParent();
        if (node == block) {
          node = null;
        } else if (node != null) {
          close(node, starts, words);
        }
      }
      node = node == null ? null : node.getNext();
    }
  }

  private void take(Node node, Words.Builder words) {
    if (!node.getSourceSpans().isEmpty()) {
      words.onLine(line(node));
    }
    if (node instanceof Text text) {
      words.add(text.getLiteral());
    } else if (node instanceof Code code) {
      words.code(code.getLiteral());
    } else if (node instanceof SoftLineBreak || node instanceof HardLineBreak) {
      words.add("\n");
    } else if (node instanceof Link link) {
      words.link(link.getDestination());
    } else if (node instanceof Image image) {
      words.link(image.getDestination());
    }
  }

  private static void close(Node node, List<Integer> starts, Words.Builder words) {
    int start = starts.remove(starts.size() - 1);
    if (node instanceof StrongEmphasis || node instanceof Emphasis) {
      words.emphasis(start, node instanceof StrongEmphasis);
    }
  }

  private int line(Node node) {
    return node.getSourceSpans().isEmpty()
        ? 1
        : lines.written(node.getSourceSpans().get(0).getLineIndex());
  }
}
