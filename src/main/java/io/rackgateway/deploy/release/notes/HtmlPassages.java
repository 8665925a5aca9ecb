package io.rackgateway.deploy.release.notes;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.TextNode;
import org.jsoup.parser.Parser;
import org.jsoup.select.NodeVisitor;

/** A block of HTML in Markdown, taken apart into passages. Comments, scripts and code are not. */
final class HtmlPassages implements NodeVisitor {

  /** More than any table or list that is written by hand has. */
  private static final int LONGEST = 1 << 16;

  private static final Set<String> SILENT =
      Set.of("script", "style", "template", "pre", "head", "title", "textarea");
  private static final Set<String> BOLD = Set.of("b", "strong");
  private static final Set<String> EMPHASISED = Set.of("b", "strong", "i", "em", "mark", "kbd");

  private final int line;
  private final List<Passage> passages;
  private Words.Builder words = new Words.Builder();
  private final Deque<Integer> emphasis = new ArrayDeque<>();
  private int silent;
  private int code;
  private int depth;
  private boolean item;

  private HtmlPassages(int line, List<Passage> passages) {
    this.line = line;
    this.passages = passages;
  }

  /** Adds the passages of a block that begins on a line. */
  static void read(String html, int line, List<Passage> passages) {
    String bare = html.strip();
    if (bare.startsWith("<!--") && bare.indexOf("-->") == bare.length() - 3) {
      return;
    }
    int comment = html.lastIndexOf("<!--");
    if (comment >= 0 && html.indexOf("-->", comment) < 0) {
      // Nobody who looks at the page sees what follows, and no one meant to hide it.
      passages.add(new Passage.Unread(line, "an HTML comment that is not closed hides the rest"));
    }
    if (html.length() > LONGEST) {
      passages.add(
          new Passage.Unread(line, "a block of HTML with more than " + LONGEST + " characters"));
      return;
    }
    HtmlPassages reader = new HtmlPassages(line, passages);
    Parser parser = Parser.htmlParser().setTrackPosition(true);
    parser.parseInput(html, "").body().traverse(reader);
    reader.flush();
    if (html.toLowerCase(Locale.ROOT).contains("</details")) {
      passages.add(new Passage.End(Passage.What.DETAILS, 0));
    }
  }

  @Override
  public void head(Node node, int level) {
    if (node instanceof TextNode text) {
      if (silent == 0) {
        take(text);
      }
    } else if (node instanceof Element element) {
      String name = element.normalName();
      if (SILENT.contains(name)) {
        silent++;
      } else if (name.equals("code")) {
        code++;
      } else if (EMPHASISED.contains(name)) {
        emphasis.push(words.length());
      } else if (name.equals("br")) {
        words.add("\n");
      } else if (name.equals("a")) {
        words.link(element.attr("href"));
      } else if (element.isBlock() || name.equals("summary")) {
        block(name);
      }
    }
  }

  @Override
  public void tail(Node node, int level) {
    if (!(node instanceof Element element)) {
      return;
    }
    String name = element.normalName();
    if (SILENT.contains(name)) {
      silent--;
    } else if (name.equals("code")) {
      code--;
    } else if (EMPHASISED.contains(name)) {
      words.emphasis(Math.min(emphasis.pop(), words.length()), BOLD.contains(name));
    } else if (name.equals("td") || name.equals("th")) {
      words.add(" | ");
    } else if (name.matches("h[1-6]") || name.equals("summary")) {
      int rank = name.equals("summary") ? Sections.SUMMARY_LEVEL : name.charAt(1) - '0';
      Words heading = words.build();
      words = new Words.Builder();
      if (!heading.isBlank()) {
        passages.add(new Passage.Heading(rank, heading));
      }
    } else if (name.equals("ul") || name.equals("ol")) {
      flush();
      passages.add(new Passage.End(Passage.What.LIST, depth--));
    } else if (element.isBlock()) {
      flush();
    }
  }

  private void block(String name) {
    if (name.equals("td") || name.equals("th")) {
      return;
    }
    flush();
    if (name.equals("ul") || name.equals("ol")) {
      depth++;
    } else if (name.equals("li")) {
      item = true;
    }
  }

  private void take(TextNode text) {
    String literal = text.text();
    if (literal.isBlank() && words.length() == 0) {
      return;
    }
    words.onLine(line + Math.max(0, text.sourceRange().start().lineNumber() - 1));
    if (code > 0) {
      words.code(literal);
    } else {
      words.add(literal);
    }
  }

  private void flush() {
    Words text = words.build();
    words = new Words.Builder();
    if (!text.isBlank()) {
      passages.add(new Passage.Text(text, depth, item));
      item = false;
    }
  }
}
