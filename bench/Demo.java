import io.rackgateway.deploy.demo.DemoSite;
import java.nio.file.Path;

/**
 * Sets up the site that {@code rack-gateway-deploy demo} uses: {@code Demo FOLDER}. Prints the variables that its
 * configuration refers to, then {@code ready}, and takes it all down when its standard input ends.
 */
public final class Demo {

  private Demo() {}

  public static void main(String[] arguments) throws Exception {
    try (DemoSite site = DemoSite.prepare(Path.of(arguments[0]))) {
      site.environment().forEach((name, value) -> System.out.println(name + "=" + value));
      System.out.println("ready");
      System.in.readAllBytes();
    }
  }
}
