package clientbook;

import java.util.List;

/** What a new book is made of: its law profile (strict, gdpr, us, us_ca), further ones for customers who live elsewhere, and what the shop keeps data for where a call names no purpose. */
public record NewBook(String profile, List<String> furtherProfiles, List<Purpose> purposes) {
  public NewBook(String profile) {
    this(profile, List.of(), List.of());
  }
}
